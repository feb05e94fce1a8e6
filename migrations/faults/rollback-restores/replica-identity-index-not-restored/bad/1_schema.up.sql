-- palindrome: dialect postgres
CREATE TABLE accounts (id integer NOT NULL, code text NOT NULL);
CREATE UNIQUE INDEX accounts_id ON accounts (id);
ALTER TABLE accounts REPLICA IDENTITY USING INDEX accounts_id;
