ALTER TABLE people DROP COLUMN shown_name;
