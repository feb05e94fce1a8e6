CREATE TABLE readings_new (id INTEGER PRIMARY KEY, value TEXT NOT NULL, unit TEXT);
INSERT INTO readings_new SELECT id, value, NULL FROM readings;
DROP TABLE readings;
ALTER TABLE readings_new RENAME TO readings;
