-- Made anew without the column, for the same reason as in the forward script: DROP COLUMN cannot be run twice.
-- Times that were measured since are lost; the entries themselves and the counter stay.
BEGIN TRANSACTION;

-- Only the record that the forward script wrote.
DELETE FROM schema_version WHERE version = 2 AND migration_script = '0004_enforcement_execution_time.sql';

CREATE TEMP TABLE kept_log AS
SELECT id, timestamp, account_id, rule_id, action, reason, success FROM main.enforcement_log;
CREATE TEMP TABLE kept_counter AS SELECT name, seq FROM main.sqlite_sequence WHERE name = 'enforcement_log';

DROP TABLE main.enforcement_log;
CREATE TABLE enforcement_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    timestamp TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    rule_id TEXT NOT NULL,
    action TEXT NOT NULL,
    reason TEXT,
    success BOOLEAN NOT NULL DEFAULT 1
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

COMMIT;
