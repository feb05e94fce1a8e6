-- palindrome: dialect sqlite
CREATE TABLE people (id INTEGER PRIMARY KEY, phone TEXT NOT NULL);
