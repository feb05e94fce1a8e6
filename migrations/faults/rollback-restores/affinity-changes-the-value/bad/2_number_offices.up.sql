CREATE TABLE offices_new (id INTEGER PRIMARY KEY, code INTEGER NOT NULL);
INSERT INTO offices_new SELECT id, code FROM offices;
DROP TABLE offices;
ALTER TABLE offices_new RENAME TO offices;
