ALTER TABLE notes DROP COLUMN body;
PRAGMA user_version = 41;
