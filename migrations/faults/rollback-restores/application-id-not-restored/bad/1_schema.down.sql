DROP TABLE notes;
PRAGMA application_id = 0;
