-- Index for the timeline:
CREATE INDEX events_at ON events (at);
