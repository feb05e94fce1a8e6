-- palindrome: dialect sqlite
CREATE TABLE trades (id INTEGER PRIMARY KEY, account TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX trades_account_at_idx ON trades (account, at);
