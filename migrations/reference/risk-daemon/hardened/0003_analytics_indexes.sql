BEGIN TRANSACTION;

-- Failure analysis.
CREATE INDEX IF NOT EXISTS idx_enforcement_log_success ON enforcement_log(success, timestamp DESC);

-- Recent updates.
CREATE INDEX IF NOT EXISTS idx_positions_updated ON positions(updated_at DESC);

-- An account's orders by state.
CREATE INDEX IF NOT EXISTS idx_orders_state_account ON orders(state, account_id);

COMMIT;
