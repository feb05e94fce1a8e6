-- palindrome: dialect postgres
CREATE TABLE holding (id integer PRIMARY KEY, symbol text NOT NULL);
