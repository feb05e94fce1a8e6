ALTER TABLE readings ALTER COLUMN value TYPE integer USING NULLIF(value, 'none')::integer;
