PRAGMA foreign_keys = OFF;
CREATE TABLE authors_new (id INTEGER PRIMARY KEY, name TEXT, born INTEGER);
INSERT INTO authors_new (id, name) SELECT id + 1000000, name FROM authors;
DROP TABLE authors;
ALTER TABLE authors_new RENAME TO authors;
PRAGMA foreign_keys = ON;
