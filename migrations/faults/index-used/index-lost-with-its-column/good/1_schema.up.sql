-- palindrome: dialect postgres
CREATE TABLE events (id integer PRIMARY KEY, account integer NOT NULL);
CREATE INDEX events_account_idx ON events (account);
