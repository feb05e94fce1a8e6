DROP INDEX events_written_by_idx;
