DROP INDEX posts_cursor_idx;
