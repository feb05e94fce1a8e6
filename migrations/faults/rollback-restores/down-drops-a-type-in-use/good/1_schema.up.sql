-- palindrome: dialect postgres
CREATE TABLE games (id integer PRIMARY KEY);
