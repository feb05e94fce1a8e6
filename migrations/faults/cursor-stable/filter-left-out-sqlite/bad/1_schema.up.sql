-- palindrome: dialect sqlite
CREATE TABLE posts (id INTEGER PRIMARY KEY, created_at TEXT NOT NULL, hidden INTEGER NOT NULL CHECK (hidden IN (0, 1)));
