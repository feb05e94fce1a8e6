ALTER TABLE notes ADD COLUMN body TEXT;
PRAGMA application_id = 42;
