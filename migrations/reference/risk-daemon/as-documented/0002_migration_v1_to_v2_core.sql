-- migration_v1_to_v2_core.sql
BEGIN TRANSACTION;

-- 1. Create schema_version table
CREATE TABLE IF NOT EXISTS schema_version (
    version INTEGER PRIMARY KEY,
    applied_at TEXT NOT NULL,
    description TEXT NOT NULL,
    migration_script TEXT,
    rollback_script TEXT,
    execution_time_ms INTEGER,
    success BOOLEAN NOT NULL DEFAULT 1,
    error_message TEXT
);

-- 2. Create index
CREATE INDEX IF NOT EXISTS idx_schema_version_applied
ON schema_version(applied_at DESC);

-- 3. Mark v1 as baseline (retroactive)
INSERT INTO schema_version (version, applied_at, description, success)
VALUES (
    1,
    datetime('now'),
    'Baseline schema - 9 tables (lockouts, daily_pnl, contract_cache, trade_history, session_state, positions, orders, enforcement_log, reset_schedule)',
    1
);

-- 4. Mark v2 as in-progress
INSERT INTO schema_version (version, applied_at, description, success)
VALUES (
    2,
    datetime('now'),
    'Schema v2: Add schema_version table, analytics indexes, optional daily_unrealized_pnl table',
    1
);

COMMIT;
