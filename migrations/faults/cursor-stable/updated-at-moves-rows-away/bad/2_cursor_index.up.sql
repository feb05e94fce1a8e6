CREATE INDEX posts_cursor_idx ON posts (updated_at DESC, id DESC);
