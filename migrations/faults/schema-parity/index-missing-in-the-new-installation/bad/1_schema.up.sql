-- palindrome: dialect sqlite
CREATE TABLE trades (id INTEGER PRIMARY KEY, account TEXT NOT NULL, at TEXT NOT NULL);
