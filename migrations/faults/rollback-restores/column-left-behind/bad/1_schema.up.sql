-- palindrome: dialect postgres
CREATE TABLE users (id integer PRIMARY KEY);
