-- migration_v1_to_v2_optional.sql
BEGIN TRANSACTION;

-- 1. Create daily_unrealized_pnl table (optional)
CREATE TABLE IF NOT EXISTS daily_unrealized_pnl (
    account_id INTEGER NOT NULL,
    timestamp TEXT NOT NULL,  -- YYYY-MM-DD
    unrealized_pnl REAL NOT NULL,
    positions_count INTEGER NOT NULL,
    total_exposure REAL,
    created_at TEXT DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (account_id, timestamp)
);

-- 2. Create indexes
CREATE INDEX IF NOT EXISTS idx_daily_unrealized_pnl_date
ON daily_unrealized_pnl(timestamp DESC);

CREATE INDEX IF NOT EXISTS idx_daily_unrealized_pnl_account_date
ON daily_unrealized_pnl(account_id, timestamp DESC);

COMMIT;
