-- The same end as ../hardened, in the one transaction that Drizzle runs migrations in: nothing CONCURRENTLY, all or nothing.
-- Writers of the three tables wait while it runs, readers too from the change of type on: for small tables, or a window. See the README.
-- palindrome: precondition SELECT id, idempotency_key FROM forecast_snapshots WHERE length(idempotency_key) NOT BETWEEN 1 AND 128
--   because a key that the constraint forbids has to be corrected by someone who knows its client
-- palindrome: precondition SELECT id, idempotency_key FROM investment_lots WHERE length(idempotency_key) NOT BETWEEN 1 AND 128
--   because a key that the constraint forbids has to be corrected by someone who knows its client
-- palindrome: precondition SELECT id, idempotency_key FROM reserve_allocations WHERE length(idempotency_key) NOT BETWEEN 1 AND 128
--   because a key that the constraint forbids has to be corrected by someone who knows its client
SET LOCAL lock_timeout = '2s';
--> statement-breakpoint
LOCK TABLE forecast_snapshots, investment_lots, reserve_allocations IN SHARE ROW EXCLUSIVE MODE;
--> statement-breakpoint
CREATE UNIQUE INDEX forecast_snapshots_fund_idem_key_idx
  ON forecast_snapshots (fund_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
--> statement-breakpoint
CREATE UNIQUE INDEX investment_lots_investment_idem_key_idx
  ON investment_lots (investment_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
--> statement-breakpoint
CREATE UNIQUE INDEX reserve_allocations_snapshot_idem_key_idx
  ON reserve_allocations (snapshot_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
--> statement-breakpoint
CREATE INDEX forecast_snapshots_cursor_idx ON forecast_snapshots (snapshot_time DESC, id DESC);
--> statement-breakpoint
CREATE INDEX investment_lots_cursor_idx ON investment_lots (created_at DESC, id DESC);
--> statement-breakpoint
CREATE INDEX reserve_allocations_cursor_idx ON reserve_allocations (created_at DESC, id DESC);
--> statement-breakpoint
ALTER TABLE forecast_snapshots
  ADD CONSTRAINT forecast_snapshots_idem_key_len_check
    CHECK (idempotency_key IS NULL OR (length(idempotency_key) >= 1 AND length(idempotency_key) <= 128)),
  ALTER COLUMN version TYPE bigint,
  ALTER COLUMN version SET DEFAULT 0;
--> statement-breakpoint
ALTER TABLE investment_lots
  ADD CONSTRAINT investment_lots_idem_key_len_check
    CHECK (idempotency_key IS NULL OR (length(idempotency_key) >= 1 AND length(idempotency_key) <= 128)),
  ALTER COLUMN version TYPE bigint,
  ALTER COLUMN version SET DEFAULT 0;
--> statement-breakpoint
ALTER TABLE reserve_allocations
  ADD CONSTRAINT reserve_allocations_idem_key_len_check
    CHECK (idempotency_key IS NULL OR (length(idempotency_key) >= 1 AND length(idempotency_key) <= 128)),
  ALTER COLUMN version TYPE bigint,
  ALTER COLUMN version SET DEFAULT 0;
--> statement-breakpoint
DROP INDEX forecast_snapshots_idempotency_unique_idx;
--> statement-breakpoint
DROP INDEX investment_lots_idempotency_unique_idx;
--> statement-breakpoint
DROP INDEX reserve_allocations_idempotency_unique_idx;
