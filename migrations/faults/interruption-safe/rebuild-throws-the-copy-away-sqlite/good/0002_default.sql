BEGIN;
DROP TABLE IF EXISTS notes_new;
CREATE TABLE notes_new (id INTEGER PRIMARY KEY, title TEXT NOT NULL DEFAULT 'untitled');
INSERT INTO notes_new SELECT id, title FROM notes;
DROP TABLE notes;
ALTER TABLE notes_new RENAME TO notes;
COMMIT;
