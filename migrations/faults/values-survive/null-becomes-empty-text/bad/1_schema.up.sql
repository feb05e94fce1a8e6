-- palindrome: dialect sqlite
CREATE TABLE people (id INTEGER PRIMARY KEY, nickname TEXT);
