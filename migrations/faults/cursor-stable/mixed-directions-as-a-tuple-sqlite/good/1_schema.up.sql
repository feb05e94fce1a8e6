-- palindrome: dialect sqlite
CREATE TABLE posts (id INTEGER PRIMARY KEY, priority INTEGER NOT NULL, title TEXT);
