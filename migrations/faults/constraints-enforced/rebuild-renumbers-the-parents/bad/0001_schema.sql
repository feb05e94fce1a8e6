-- palindrome: dialect sqlite
CREATE TABLE IF NOT EXISTS authors (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE IF NOT EXISTS books (id INTEGER PRIMARY KEY, author_id INTEGER REFERENCES authors (id));
