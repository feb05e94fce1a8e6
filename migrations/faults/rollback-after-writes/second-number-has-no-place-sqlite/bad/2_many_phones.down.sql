CREATE TABLE people_old (id INTEGER PRIMARY KEY, phone TEXT NOT NULL);
INSERT INTO people_old (id, phone) SELECT id, (SELECT min(phone) FROM phones WHERE person_id = people.id) FROM people;
DROP TABLE people;
ALTER TABLE people_old RENAME TO people;
DROP TABLE phones;
