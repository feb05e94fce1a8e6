-- palindrome: dialect sqlite
CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
