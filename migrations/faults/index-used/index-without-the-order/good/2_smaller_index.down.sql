DROP INDEX entries_account_idx;
CREATE INDEX entries_account_idx ON entries (account, booked_at DESC);
