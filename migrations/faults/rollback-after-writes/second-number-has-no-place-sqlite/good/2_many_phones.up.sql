CREATE TABLE phones (person_id INTEGER NOT NULL, phone TEXT NOT NULL);
INSERT INTO phones (person_id, phone) SELECT id, phone FROM people;
CREATE TABLE people_new (id INTEGER PRIMARY KEY);
INSERT INTO people_new (id) SELECT id FROM people;
DROP TABLE people;
ALTER TABLE people_new RENAME TO people;
