-- palindrome: dialect sqlite
CREATE TABLE accounts (id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('demo', 'live')));
