DROP INDEX readings_at;
CREATE INDEX readings_at ON readings (at);
