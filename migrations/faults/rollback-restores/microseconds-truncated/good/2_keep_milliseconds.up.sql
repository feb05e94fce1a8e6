ALTER TABLE events ADD COLUMN at_ms timestamptz;
UPDATE events SET at_ms = date_trunc('milliseconds', at);
