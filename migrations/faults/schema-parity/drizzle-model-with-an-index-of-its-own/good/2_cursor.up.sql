CREATE INDEX snapshots_cursor_idx ON snapshots (taken_at DESC, id DESC);
