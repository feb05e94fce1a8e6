CREATE INDEX posts_cursor_idx ON posts (id DESC, created_at DESC);
