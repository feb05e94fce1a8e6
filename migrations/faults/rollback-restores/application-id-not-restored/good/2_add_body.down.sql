ALTER TABLE notes DROP COLUMN body;
PRAGMA application_id = 41;
