ALTER TABLE trades DROP COLUMN execution_time_ms;
