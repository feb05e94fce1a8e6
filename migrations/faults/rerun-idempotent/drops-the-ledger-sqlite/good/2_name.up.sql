DROP TABLE IF EXISTS schema_migrations;
ALTER TABLE people ADD COLUMN name TEXT;
