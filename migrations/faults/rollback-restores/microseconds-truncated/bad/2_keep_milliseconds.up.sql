ALTER TABLE events ALTER COLUMN at TYPE timestamptz USING date_trunc('milliseconds', at);
ALTER TABLE events ADD COLUMN source text;
