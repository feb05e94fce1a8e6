DROP INDEX events_key_id;
CREATE INDEX events_key ON events (key);
