ALTER TABLE trades ADD COLUMN execution_time_ms INTEGER;
