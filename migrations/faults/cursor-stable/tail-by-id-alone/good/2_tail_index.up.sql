CREATE INDEX events_written_by_idx ON events (written_by, id);
