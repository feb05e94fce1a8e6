DROP INDEX events_key;
CREATE UNIQUE INDEX events_key_id ON events (key, id);
