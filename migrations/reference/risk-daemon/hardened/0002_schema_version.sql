-- Core: the table that records versions, with v1 as its baseline. Running it again leaves the record as it is.
BEGIN TRANSACTION;

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

CREATE INDEX IF NOT EXISTS idx_schema_version_applied ON schema_version(applied_at DESC);

INSERT INTO schema_version (version, applied_at, description, migration_script, rollback_script)
VALUES (
    1,
    datetime('now'),
    'Baseline schema - 9 tables (lockouts, daily_pnl, contract_cache, trade_history, session_state, positions, orders, enforcement_log, reset_schedule)',
    '0001_v1_baseline.sql',
    '0001_v1_baseline_ROLLBACK.sql'
)
ON CONFLICT (version) DO NOTHING;

COMMIT;
