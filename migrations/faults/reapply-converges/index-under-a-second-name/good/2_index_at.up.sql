CREATE INDEX events_at_index ON events (at);
