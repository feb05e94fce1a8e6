CREATE INDEX snapshots_cursor_idx ON snapshots (id DESC, taken_at DESC);
