CREATE INDEX posts_cursor_idx ON posts (created_at DESC, id DESC);
