SET statement_timeout = 0;
SET lock_timeout = '2s';

-- A key that several scopes use by now cannot go back to being unique everywhere. Refused before anything has changed.
DO $$
DECLARE
  offender record;
BEGIN
  SELECT * INTO offender FROM (
    SELECT 'forecast_snapshots' AS held_by, idempotency_key, count(*) AS uses FROM forecast_snapshots GROUP BY idempotency_key
    UNION ALL SELECT 'investment_lots', idempotency_key, count(*) FROM investment_lots GROUP BY idempotency_key
    UNION ALL SELECT 'reserve_allocations', idempotency_key, count(*) FROM reserve_allocations GROUP BY idempotency_key
  ) AS keys
  WHERE uses > 1 AND idempotency_key IS NOT NULL
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'idempotency key % is used by % rows of %; nothing was changed', quote_literal(offender.idempotency_key), offender.uses, offender.held_by
      USING HINT = 'Only keys that are used once can be unique over all scopes again.';
  END IF;
END $$;

DO $$
DECLARE
  leftover regclass;
BEGIN
  FOR leftover IN
    SELECT indexrelid FROM pg_index WHERE NOT indisvalid AND indexrelid IN (
      to_regclass('forecast_snapshots_idempotency_unique_idx'),
      to_regclass('investment_lots_idempotency_unique_idx'),
      to_regclass('reserve_allocations_idempotency_unique_idx'))
  LOOP
    EXECUTE format('DROP INDEX %s', leftover);
  END LOOP;
END $$;

SET lock_timeout = 0;

CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS forecast_snapshots_idempotency_unique_idx
  ON forecast_snapshots (idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS investment_lots_idempotency_unique_idx
  ON investment_lots (idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS reserve_allocations_idempotency_unique_idx
  ON reserve_allocations (idempotency_key) WHERE idempotency_key IS NOT NULL;

DROP INDEX CONCURRENTLY IF EXISTS forecast_snapshots_fund_idem_key_idx;
DROP INDEX CONCURRENTLY IF EXISTS investment_lots_investment_idem_key_idx;
DROP INDEX CONCURRENTLY IF EXISTS reserve_allocations_snapshot_idem_key_idx;

DROP INDEX CONCURRENTLY IF EXISTS forecast_snapshots_cursor_idx;
DROP INDEX CONCURRENTLY IF EXISTS investment_lots_cursor_idx;
DROP INDEX CONCURRENTLY IF EXISTS reserve_allocations_cursor_idx;

SET lock_timeout = '2s';

ALTER TABLE forecast_snapshots DROP CONSTRAINT IF EXISTS forecast_snapshots_idem_key_len_check;
ALTER TABLE investment_lots DROP CONSTRAINT IF EXISTS investment_lots_idem_key_len_check;
ALTER TABLE reserve_allocations DROP CONSTRAINT IF EXISTS reserve_allocations_idem_key_len_check;
