DROP INDEX places_name;
DROP EXTENSION pg_trgm;
