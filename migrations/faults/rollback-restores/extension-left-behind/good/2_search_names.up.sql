CREATE EXTENSION pg_trgm;
CREATE INDEX places_name ON places USING gin (name gin_trgm_ops);
