CREATE TABLE people_old (id INTEGER PRIMARY KEY, phone TEXT NOT NULL);
INSERT INTO people_old (id, phone) SELECT id, coalesce(phone, '') FROM people;
DROP TABLE people;
ALTER TABLE people_old RENAME TO people;
