-- palindrome: dialect sqlite
CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
