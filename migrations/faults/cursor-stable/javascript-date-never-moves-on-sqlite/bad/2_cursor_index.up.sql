CREATE INDEX posts_cursor_idx ON posts (created_at, id);
