ALTER TABLE notes ADD COLUMN body TEXT;
PRAGMA user_version = 42;
