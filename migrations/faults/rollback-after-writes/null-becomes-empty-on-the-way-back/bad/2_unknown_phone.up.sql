CREATE TABLE people_new (id INTEGER PRIMARY KEY, phone TEXT);
INSERT INTO people_new (id, phone) SELECT id, phone FROM people;
DROP TABLE people;
ALTER TABLE people_new RENAME TO people;
