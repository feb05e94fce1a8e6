CREATE INDEX posts_cursor_idx ON posts (priority DESC, id);
