-- palindrome: dialect postgres
CREATE TABLE people (id integer PRIMARY KEY, address text);
