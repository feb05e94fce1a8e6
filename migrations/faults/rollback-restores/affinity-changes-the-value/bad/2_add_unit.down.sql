CREATE TABLE readings_old (id INTEGER PRIMARY KEY, value NOT NULL);
INSERT INTO readings_old SELECT id, value FROM readings;
DROP TABLE readings;
ALTER TABLE readings_old RENAME TO readings;
