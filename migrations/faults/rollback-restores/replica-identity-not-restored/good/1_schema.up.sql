-- palindrome: dialect postgres
CREATE TABLE accounts (id integer PRIMARY KEY, email text);
ALTER TABLE accounts REPLICA IDENTITY FULL;
