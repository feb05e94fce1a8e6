-- Optional: history of unrealized P&L, for installations with track_unrealized_pnl. Nothing else depends on it, so it
-- can be run at any time after 0002, also long after version 2 was reached.
BEGIN TRANSACTION;

CREATE TABLE IF NOT EXISTS daily_unrealized_pnl (
    account_id INTEGER NOT NULL,
    timestamp TEXT NOT NULL,  -- YYYY-MM-DD
    unrealized_pnl REAL NOT NULL,
    positions_count INTEGER NOT NULL,
    total_exposure REAL,
    created_at TEXT DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (account_id, timestamp)
);

CREATE INDEX IF NOT EXISTS idx_daily_unrealized_pnl_date ON daily_unrealized_pnl(timestamp DESC);
CREATE INDEX IF NOT EXISTS idx_daily_unrealized_pnl_account_date ON daily_unrealized_pnl(account_id, timestamp DESC);

COMMIT;
