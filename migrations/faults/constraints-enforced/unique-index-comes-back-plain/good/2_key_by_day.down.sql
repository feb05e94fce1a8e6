DROP INDEX events_key_id;
CREATE UNIQUE INDEX events_key ON events (key);
