ALTER TABLE notes DROP COLUMN language;
