CREATE INDEX ON events (at);
