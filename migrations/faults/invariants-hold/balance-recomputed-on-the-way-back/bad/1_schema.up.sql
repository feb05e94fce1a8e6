-- palindrome: dialect postgres
CREATE TABLE accounts (id integer PRIMARY KEY, balance bigint NOT NULL);
CREATE TABLE entries (id integer PRIMARY KEY, account_id integer NOT NULL REFERENCES accounts (id), amount integer NOT NULL);
