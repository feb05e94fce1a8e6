-- palindrome: dialect sqlite
CREATE TABLE people (id INTEGER PRIMARY KEY, family_name TEXT, given_name TEXT);
