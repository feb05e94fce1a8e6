ALTER TABLE people RENAME COLUMN first_name TO given_name;
ALTER TABLE people RENAME COLUMN last_name TO family_name;
