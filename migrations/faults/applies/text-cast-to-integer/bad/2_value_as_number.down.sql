ALTER TABLE readings ALTER COLUMN value TYPE text;
