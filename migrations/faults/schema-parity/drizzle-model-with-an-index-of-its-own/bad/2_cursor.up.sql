CREATE INDEX idx_snapshots_cursor ON snapshots (taken_at DESC, id DESC);
