-- Rollback of 0001_portfolio_schema_hardening: a pre-check, the phases undone in reverse, a verification.

SET statement_timeout = '30s';

-- Pre-check for data safety: a version that integer cannot hold stops the rollback.

DO $$
DECLARE
  highest bigint;
BEGIN
  SELECT max(version) INTO highest FROM (
    SELECT version FROM forecast_snapshots
    UNION ALL SELECT version FROM investment_lots
    UNION ALL SELECT version FROM reserve_allocations
  ) AS versions;
  IF highest > 2147483647 THEN
    RAISE EXCEPTION 'ROLLBACK BLOCKED: version % does not fit integer', highest;
  END IF;
END $$;

-- Undo phase 5

ALTER TABLE forecast_snapshots DROP CONSTRAINT IF EXISTS forecast_snapshots_idem_key_len_check;
ALTER TABLE investment_lots DROP CONSTRAINT IF EXISTS investment_lots_idem_key_len_check;
ALTER TABLE reserve_allocations DROP CONSTRAINT IF EXISTS reserve_allocations_idem_key_len_check;

-- Undo phase 4

DROP INDEX CONCURRENTLY IF EXISTS forecast_snapshots_cursor_idx;
DROP INDEX CONCURRENTLY IF EXISTS investment_lots_cursor_idx;
DROP INDEX CONCURRENTLY IF EXISTS reserve_allocations_cursor_idx;

-- Undo phase 3

DROP INDEX CONCURRENTLY IF EXISTS forecast_snapshots_fund_idem_key_idx;
DROP INDEX CONCURRENTLY IF EXISTS investment_lots_investment_idem_key_idx;
DROP INDEX CONCURRENTLY IF EXISTS reserve_allocations_snapshot_idem_key_idx;

-- Undo phase 2

CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS forecast_snapshots_idempotency_unique_idx
  ON forecast_snapshots (idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS investment_lots_idempotency_unique_idx
  ON investment_lots (idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS reserve_allocations_idempotency_unique_idx
  ON reserve_allocations (idempotency_key) WHERE idempotency_key IS NOT NULL;

-- Undo phase 1

ALTER TABLE forecast_snapshots ALTER COLUMN version TYPE integer;
ALTER TABLE forecast_snapshots ALTER COLUMN version SET DEFAULT 1;
ALTER TABLE investment_lots ALTER COLUMN version TYPE integer;
ALTER TABLE investment_lots ALTER COLUMN version SET DEFAULT 1;
ALTER TABLE reserve_allocations ALTER COLUMN version TYPE integer;
ALTER TABLE reserve_allocations ALTER COLUMN version SET DEFAULT 1;

-- Verification

DO $$
DECLARE
  integer_columns integer;
  global_indexes integer;
  left_over integer;
BEGIN
  SELECT count(*) INTO integer_columns
  FROM information_schema.columns
  WHERE table_name IN ('forecast_snapshots', 'investment_lots', 'reserve_allocations')
    AND column_name = 'version' AND data_type = 'integer';

  SELECT count(*) INTO global_indexes
  FROM pg_indexes
  WHERE tablename IN ('forecast_snapshots', 'investment_lots', 'reserve_allocations')
    AND indexname LIKE '%idempotency_unique_idx';

  SELECT count(*) INTO left_over
  FROM pg_indexes
  WHERE tablename IN ('forecast_snapshots', 'investment_lots', 'reserve_allocations')
    AND (indexname LIKE '%cursor_idx' OR indexname LIKE '%idem_key_idx');

  IF integer_columns <> 3 OR global_indexes <> 3 OR left_over <> 0 THEN
    RAISE EXCEPTION 'ROLLBACK FAILED: % integer version columns, % global indexes, % indexes left over',
      integer_columns, global_indexes, left_over;
  END IF;
  RAISE NOTICE 'SUCCESS: Rollback verified';
END $$;
