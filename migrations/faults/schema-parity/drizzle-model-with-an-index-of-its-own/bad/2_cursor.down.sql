DROP INDEX idx_snapshots_cursor;
