-- Portfolio schema hardening: forecast_snapshots, investment_lots, reserve_allocations.
-- Six phases, in the document's order, with the document's names.

SET statement_timeout = '30s';--> statement-breakpoint

-- Phase 1: version column type expansion (AP-LOCK-02)

ALTER TABLE forecast_snapshots ALTER COLUMN version TYPE bigint;--> statement-breakpoint
ALTER TABLE forecast_snapshots ALTER COLUMN version SET DEFAULT 0;--> statement-breakpoint
ALTER TABLE investment_lots ALTER COLUMN version TYPE bigint;--> statement-breakpoint
ALTER TABLE investment_lots ALTER COLUMN version SET DEFAULT 0;--> statement-breakpoint
ALTER TABLE reserve_allocations ALTER COLUMN version TYPE bigint;--> statement-breakpoint
ALTER TABLE reserve_allocations ALTER COLUMN version SET DEFAULT 0;--> statement-breakpoint

-- Phase 2: drop global idempotency indexes

DROP INDEX IF EXISTS forecast_snapshots_idempotency_unique_idx;--> statement-breakpoint
DROP INDEX IF EXISTS investment_lots_idempotency_unique_idx;--> statement-breakpoint
DROP INDEX IF EXISTS reserve_allocations_idempotency_unique_idx;--> statement-breakpoint

-- Phase 3: create scoped idempotency indexes (AP-IDEM-03)

CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS forecast_snapshots_fund_idem_key_idx
  ON forecast_snapshots (fund_id, idempotency_key) WHERE idempotency_key IS NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS investment_lots_investment_idem_key_idx
  ON investment_lots (investment_id, idempotency_key) WHERE idempotency_key IS NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS reserve_allocations_snapshot_idem_key_idx
  ON reserve_allocations (snapshot_id, idempotency_key) WHERE idempotency_key IS NOT NULL;--> statement-breakpoint

-- Phase 4: create cursor pagination indexes (AP-CURSOR-01)

CREATE INDEX CONCURRENTLY IF NOT EXISTS forecast_snapshots_cursor_idx
  ON forecast_snapshots (snapshot_time DESC, id DESC);--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS investment_lots_cursor_idx
  ON investment_lots (created_at DESC, id DESC);--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS reserve_allocations_cursor_idx
  ON reserve_allocations (created_at DESC, id DESC);--> statement-breakpoint

-- Phase 5: add length check constraints (AP-IDEM-05), NOT VALID, then validated

ALTER TABLE forecast_snapshots DROP CONSTRAINT IF EXISTS forecast_snapshots_idem_key_len_check;--> statement-breakpoint
ALTER TABLE forecast_snapshots ADD CONSTRAINT forecast_snapshots_idem_key_len_check
  CHECK (idempotency_key IS NULL OR (length(idempotency_key) >= 1 AND length(idempotency_key) <= 128)) NOT VALID;--> statement-breakpoint
ALTER TABLE forecast_snapshots VALIDATE CONSTRAINT forecast_snapshots_idem_key_len_check;--> statement-breakpoint

ALTER TABLE investment_lots DROP CONSTRAINT IF EXISTS investment_lots_idem_key_len_check;--> statement-breakpoint
ALTER TABLE investment_lots ADD CONSTRAINT investment_lots_idem_key_len_check
  CHECK (idempotency_key IS NULL OR (length(idempotency_key) >= 1 AND length(idempotency_key) <= 128)) NOT VALID;--> statement-breakpoint
ALTER TABLE investment_lots VALIDATE CONSTRAINT investment_lots_idem_key_len_check;--> statement-breakpoint

ALTER TABLE reserve_allocations DROP CONSTRAINT IF EXISTS reserve_allocations_idem_key_len_check;--> statement-breakpoint
ALTER TABLE reserve_allocations ADD CONSTRAINT reserve_allocations_idem_key_len_check
  CHECK (idempotency_key IS NULL OR (length(idempotency_key) >= 1 AND length(idempotency_key) <= 128)) NOT VALID;--> statement-breakpoint
ALTER TABLE reserve_allocations VALIDATE CONSTRAINT reserve_allocations_idem_key_len_check;--> statement-breakpoint

-- Phase 6: automated verification, with the document's three verification commands

DO $$
DECLARE
  bigint_columns integer;
  new_indexes integer;
  old_indexes integer;
  length_checks integer;
BEGIN
  SELECT count(*) INTO bigint_columns
  FROM information_schema.columns
  WHERE table_name IN ('forecast_snapshots', 'investment_lots', 'reserve_allocations')
    AND column_name = 'version' AND data_type = 'bigint';

  SELECT count(*) INTO new_indexes
  FROM pg_indexes
  WHERE tablename IN ('forecast_snapshots', 'investment_lots', 'reserve_allocations')
    AND (indexname LIKE '%cursor_idx' OR indexname LIKE '%idem_key_idx');

  SELECT count(*) INTO old_indexes
  FROM pg_indexes
  WHERE tablename IN ('forecast_snapshots', 'investment_lots', 'reserve_allocations')
    AND indexname LIKE '%idempotency_unique_idx';

  SELECT count(*) INTO length_checks
  FROM pg_constraint
  WHERE conname LIKE '%idem_key_len_check';

  IF bigint_columns <> 3 THEN
    RAISE EXCEPTION 'FAILED: expected 3 bigint version columns, found %', bigint_columns;
  END IF;
  IF new_indexes <> 6 THEN
    RAISE EXCEPTION 'FAILED: expected 6 new indexes, found %', new_indexes;
  END IF;
  IF old_indexes <> 0 THEN
    RAISE EXCEPTION 'FAILED: expected no global idempotency index, found %', old_indexes;
  END IF;
  IF length_checks <> 3 THEN
    RAISE EXCEPTION 'FAILED: expected 3 length checks, found %', length_checks;
  END IF;
  RAISE NOTICE 'SUCCESS: All migration changes verified';
END $$;
