-- migration_v1_to_v2_indexes.sql
BEGIN TRANSACTION;

-- 1. Enforcement log success index (for failure analysis)
CREATE INDEX IF NOT EXISTS idx_enforcement_log_success
ON enforcement_log(success, timestamp DESC);

-- 2. Positions updated_at index (for recent updates)
CREATE INDEX IF NOT EXISTS idx_positions_updated
ON positions(updated_at DESC);

-- 3. Orders state+account composite index (for account queries)
CREATE INDEX IF NOT EXISTS idx_orders_state_account
ON orders(state, account_id);

COMMIT;
