CREATE INDEX IF NOT EXISTS events_at ON events (at);
