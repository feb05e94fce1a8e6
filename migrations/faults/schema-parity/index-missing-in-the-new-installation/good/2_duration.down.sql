DROP INDEX trades_account_at_idx;
ALTER TABLE trades DROP COLUMN execution_time_ms;
