DROP TABLE IF EXISTS schema_migrations;
DROP TABLE IF EXISTS palindrome_ledger;
ALTER TABLE people ADD COLUMN name TEXT;
