CREATE TABLE parents_new (id INTEGER PRIMARY KEY, name TEXT, nickname TEXT);
INSERT INTO parents_new SELECT id, name, NULL FROM parents;
DROP TABLE parents;
ALTER TABLE parents_new RENAME TO parents;
