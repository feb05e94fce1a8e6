-- palindrome: dialect sqlite
CREATE TABLE posts (id INTEGER PRIMARY KEY, created_at TEXT NOT NULL, title text);
