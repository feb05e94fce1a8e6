CREATE TABLE trades_new (id INTEGER PRIMARY KEY, account TEXT NOT NULL, at TEXT);
INSERT INTO trades_new SELECT id, account, at FROM trades;
DROP TABLE trades;
ALTER TABLE trades_new RENAME TO trades;
CREATE INDEX trades_account_at_idx ON trades (account, at);
