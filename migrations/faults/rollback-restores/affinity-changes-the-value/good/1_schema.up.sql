-- palindrome: dialect sqlite
CREATE TABLE readings (id INTEGER PRIMARY KEY, value NOT NULL);
