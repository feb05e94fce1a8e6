-- palindrome: dialect sqlite
CREATE TABLE people (id INTEGER PRIMARY KEY, note TEXT);
