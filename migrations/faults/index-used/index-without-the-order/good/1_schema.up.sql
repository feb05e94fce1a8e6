-- palindrome: dialect postgres
CREATE TABLE entries (id integer PRIMARY KEY, account integer NOT NULL, booked_at timestamptz NOT NULL);
CREATE INDEX entries_account_idx ON entries (account, booked_at DESC);
