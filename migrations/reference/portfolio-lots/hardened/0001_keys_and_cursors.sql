-- Idempotency keys have 1 to 128 characters and are unique within their fund, investment or snapshot; pages newest first have an index.
-- Run with `psql -v ON_ERROR_STOP=1 -f`; it can be run again after any failure.
-- palindrome: precondition SELECT id, idempotency_key FROM forecast_snapshots WHERE length(idempotency_key) NOT BETWEEN 1 AND 128
--   because a key that the constraint forbids has to be corrected by someone who knows its client
-- palindrome: precondition SELECT id, idempotency_key FROM investment_lots WHERE length(idempotency_key) NOT BETWEEN 1 AND 128
--   because a key that the constraint forbids has to be corrected by someone who knows its client
-- palindrome: precondition SELECT id, idempotency_key FROM reserve_allocations WHERE length(idempotency_key) NOT BETWEEN 1 AND 128
--   because a key that the constraint forbids has to be corrected by someone who knows its client

SET statement_timeout = 0;
SET lock_timeout = '2s';

-- What is refused is refused before anything has changed.
DO $$
DECLARE
  offender record;
BEGIN
  SELECT * INTO offender FROM (
    SELECT 'forecast_snapshots' AS held_by, id, length(idempotency_key) AS characters FROM forecast_snapshots
    UNION ALL SELECT 'investment_lots', id, length(idempotency_key) FROM investment_lots
    UNION ALL SELECT 'reserve_allocations', id, length(idempotency_key) FROM reserve_allocations
  ) AS keys
  WHERE characters NOT BETWEEN 1 AND 128
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the idempotency key of % % has % characters; nothing was changed', offender.held_by, offender.id, offender.characters
      USING HINT = 'Correct keys of 0 or more than 128 characters, then run this again.';
  END IF;
END $$;

-- From here on new rows are checked; each table is locked for a moment only.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'forecast_snapshots'::regclass AND conname = 'forecast_snapshots_idem_key_len_check') THEN
    ALTER TABLE forecast_snapshots ADD CONSTRAINT forecast_snapshots_idem_key_len_check
      CHECK (idempotency_key IS NULL OR (length(idempotency_key) >= 1 AND length(idempotency_key) <= 128)) NOT VALID;
  END IF;
END $$;
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'investment_lots'::regclass AND conname = 'investment_lots_idem_key_len_check') THEN
    ALTER TABLE investment_lots ADD CONSTRAINT investment_lots_idem_key_len_check
      CHECK (idempotency_key IS NULL OR (length(idempotency_key) >= 1 AND length(idempotency_key) <= 128)) NOT VALID;
  END IF;
END $$;
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'reserve_allocations'::regclass AND conname = 'reserve_allocations_idem_key_len_check') THEN
    ALTER TABLE reserve_allocations ADD CONSTRAINT reserve_allocations_idem_key_len_check
      CHECK (idempotency_key IS NULL OR (length(idempotency_key) >= 1 AND length(idempotency_key) <= 128)) NOT VALID;
  END IF;
END $$;

-- Old rows are checked under a lock that stops neither readers nor writers.
ALTER TABLE forecast_snapshots VALIDATE CONSTRAINT forecast_snapshots_idem_key_len_check;
ALTER TABLE investment_lots VALIDATE CONSTRAINT investment_lots_idem_key_len_check;
ALTER TABLE reserve_allocations VALIDATE CONSTRAINT reserve_allocations_idem_key_len_check;

-- An index build that was cut short leaves an invalid index of that name, which IF NOT EXISTS would take for a good one.
DO $$
DECLARE
  leftover regclass;
BEGIN
  FOR leftover IN
    SELECT indexrelid FROM pg_index WHERE NOT indisvalid AND indexrelid IN (
      to_regclass('forecast_snapshots_fund_idem_key_idx'),
      to_regclass('investment_lots_investment_idem_key_idx'),
      to_regclass('reserve_allocations_snapshot_idem_key_idx'),
      to_regclass('forecast_snapshots_cursor_idx'),
      to_regclass('investment_lots_cursor_idx'),
      to_regclass('reserve_allocations_cursor_idx'))
  LOOP
    EXECUTE format('DROP INDEX %s', leftover);
  END LOOP;
END $$;

-- A build waits for transactions that are older than it, and nobody waits for the build: no limit.
SET lock_timeout = 0;

CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS forecast_snapshots_fund_idem_key_idx
  ON forecast_snapshots (fund_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS investment_lots_investment_idem_key_idx
  ON investment_lots (investment_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS reserve_allocations_snapshot_idem_key_idx
  ON reserve_allocations (snapshot_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- Only now may the global indexes go: at no moment can a key be used twice within its scope.
DROP INDEX CONCURRENTLY IF EXISTS forecast_snapshots_idempotency_unique_idx;
DROP INDEX CONCURRENTLY IF EXISTS investment_lots_idempotency_unique_idx;
DROP INDEX CONCURRENTLY IF EXISTS reserve_allocations_idempotency_unique_idx;

-- For WHERE (time, id) < ($1, $2) ORDER BY time DESC, id DESC.
CREATE INDEX CONCURRENTLY IF NOT EXISTS forecast_snapshots_cursor_idx
  ON forecast_snapshots (snapshot_time DESC, id DESC);
CREATE INDEX CONCURRENTLY IF NOT EXISTS investment_lots_cursor_idx
  ON investment_lots (created_at DESC, id DESC);
CREATE INDEX CONCURRENTLY IF NOT EXISTS reserve_allocations_cursor_idx
  ON reserve_allocations (created_at DESC, id DESC);
