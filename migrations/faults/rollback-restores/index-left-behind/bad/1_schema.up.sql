-- palindrome: dialect postgres
CREATE TABLE users (id integer PRIMARY KEY, name text, city text);
