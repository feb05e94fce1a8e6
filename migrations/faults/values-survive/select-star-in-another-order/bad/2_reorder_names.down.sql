CREATE TABLE people_old (id INTEGER PRIMARY KEY, family_name TEXT, given_name TEXT);
INSERT INTO people_old SELECT * FROM people;
DROP TABLE people;
ALTER TABLE people_old RENAME TO people;
