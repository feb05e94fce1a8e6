ALTER TABLE trades ADD COLUMN execution_time_ms INTEGER;
CREATE INDEX trades_account_at_idx ON trades (account, at);
