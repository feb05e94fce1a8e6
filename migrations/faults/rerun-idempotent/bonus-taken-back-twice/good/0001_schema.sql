-- palindrome: dialect postgres
CREATE TABLE IF NOT EXISTS accounts (id integer PRIMARY KEY, balance numeric NOT NULL);
