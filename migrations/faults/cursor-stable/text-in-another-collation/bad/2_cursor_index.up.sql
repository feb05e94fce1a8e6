CREATE INDEX posts_cursor_idx ON posts (title, id);
