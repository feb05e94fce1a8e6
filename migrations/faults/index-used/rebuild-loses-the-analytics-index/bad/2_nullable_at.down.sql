CREATE TABLE trades_old (id INTEGER PRIMARY KEY, account TEXT NOT NULL, at TEXT NOT NULL);
INSERT INTO trades_old SELECT id, account, at FROM trades;
DROP TABLE trades;
ALTER TABLE trades_old RENAME TO trades;
CREATE INDEX trades_account_at_idx ON trades (account, at);
