-- palindrome: dialect postgres
-- The schema before the change: funds and investments, and the three tables that the document hardens.

CREATE TABLE IF NOT EXISTS funds (
  id serial PRIMARY KEY,
  name text NOT NULL,
  size numeric(15, 2) NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE IF NOT EXISTS investments (
  id serial PRIMARY KEY,
  fund_id integer NOT NULL,
  company_name text NOT NULL,
  amount numeric(15, 2) NOT NULL,
  investment_date date NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT investments_fund_id_funds_id_fk FOREIGN KEY (fund_id) REFERENCES funds (id)
);

CREATE TABLE IF NOT EXISTS investment_lots (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
  investment_id integer NOT NULL,
  lot_type text NOT NULL,
  share_price_cents bigint NOT NULL,
  shares_acquired numeric(18, 8) NOT NULL,
  cost_basis_cents bigint NOT NULL,
  idempotency_key text,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  CONSTRAINT investment_lots_investment_id_investments_id_fk FOREIGN KEY (investment_id) REFERENCES investments (id)
);

CREATE TABLE IF NOT EXISTS forecast_snapshots (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
  fund_id integer NOT NULL,
  name text NOT NULL,
  status text DEFAULT 'pending' NOT NULL,
  metrics jsonb,
  snapshot_time timestamp with time zone NOT NULL,
  idempotency_key text,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  CONSTRAINT forecast_snapshots_fund_id_funds_id_fk FOREIGN KEY (fund_id) REFERENCES funds (id)
);

CREATE TABLE IF NOT EXISTS reserve_allocations (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
  snapshot_id uuid NOT NULL,
  investment_id integer NOT NULL,
  planned_reserve_cents bigint NOT NULL,
  rationale text,
  idempotency_key text,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  CONSTRAINT reserve_allocations_snapshot_id_forecast_snapshots_id_fk FOREIGN KEY (snapshot_id) REFERENCES forecast_snapshots (id),
  CONSTRAINT reserve_allocations_investment_id_investments_id_fk FOREIGN KEY (investment_id) REFERENCES investments (id)
);

CREATE UNIQUE INDEX IF NOT EXISTS investment_lots_idempotency_unique_idx
  ON investment_lots (idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS forecast_snapshots_idempotency_unique_idx
  ON forecast_snapshots (idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS reserve_allocations_idempotency_unique_idx
  ON reserve_allocations (idempotency_key) WHERE idempotency_key IS NOT NULL;
