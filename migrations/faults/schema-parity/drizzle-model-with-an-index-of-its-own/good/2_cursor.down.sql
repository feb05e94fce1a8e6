DROP INDEX snapshots_cursor_idx;
