ALTER TABLE parents DROP COLUMN nickname;
