-- enforcement_log.execution_time_ms; with it, version 2 is complete and recorded.
--
-- SQLite has no ADD COLUMN IF NOT EXISTS, and this script is run by hand, perhaps twice. So the table is made anew:
-- rows are copied out, the table is created with the column, rows are copied back. In the innermost query below,
-- `execution_time_ms` is the table's own column where there is one, and else the NULL of the query around it: times that
-- were measured are kept. The counter of AUTOINCREMENT would go with the table, so it is carried over as well.
-- palindrome: rows schema_version because version 2 is recorded
BEGIN TRANSACTION;

CREATE TEMP TABLE kept_log AS
SELECT
    id, timestamp, account_id, rule_id, action, reason, success,
    (SELECT execution_time_ms FROM main.enforcement_log AS measured WHERE measured.id = entry.id) AS execution_time_ms
FROM (
    SELECT id, timestamp, account_id, rule_id, action, reason, success, NULL AS execution_time_ms
    FROM main.enforcement_log
) AS entry;
CREATE TEMP TABLE kept_counter AS SELECT name, seq FROM main.sqlite_sequence WHERE name = 'enforcement_log';

DROP TABLE main.enforcement_log;
CREATE TABLE enforcement_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    timestamp TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    rule_id TEXT NOT NULL,
    action TEXT NOT NULL,
    reason TEXT,
    success BOOLEAN NOT NULL DEFAULT 1,
    execution_time_ms INTEGER
);
INSERT INTO enforcement_log SELECT * FROM temp.kept_log;
DELETE FROM main.sqlite_sequence WHERE name = 'enforcement_log';
INSERT INTO main.sqlite_sequence (name, seq) SELECT name, seq FROM temp.kept_counter;

DROP TABLE temp.kept_counter;
DROP TABLE temp.kept_log;

CREATE INDEX idx_enforcement_account ON enforcement_log(account_id);
CREATE INDEX idx_enforcement_rule ON enforcement_log(rule_id);
CREATE INDEX idx_enforcement_timestamp ON enforcement_log(timestamp DESC);
CREATE INDEX idx_enforcement_log_success ON enforcement_log(success, timestamp DESC);

INSERT INTO schema_version (version, applied_at, description, migration_script, rollback_script)
VALUES (
    2,
    datetime('now'),
    'Schema v2: schema_version table, analytics indexes, enforcement_log.execution_time_ms',
    '0004_enforcement_execution_time.sql',
    '0004_enforcement_execution_time_ROLLBACK.sql'
)
ON CONFLICT (version) DO NOTHING;

COMMIT;
