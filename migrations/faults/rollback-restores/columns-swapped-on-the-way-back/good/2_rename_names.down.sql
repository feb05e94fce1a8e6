ALTER TABLE people RENAME COLUMN given_name TO first_name;
ALTER TABLE people RENAME COLUMN family_name TO last_name;
