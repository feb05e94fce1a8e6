ALTER TABLE events ALTER account TYPE integer;
CREATE INDEX events_account_idx ON events (account);
