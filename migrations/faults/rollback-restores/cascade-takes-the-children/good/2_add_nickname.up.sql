ALTER TABLE parents ADD COLUMN nickname TEXT;
