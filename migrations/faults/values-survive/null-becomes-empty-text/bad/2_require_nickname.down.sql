CREATE TABLE people_old (id INTEGER PRIMARY KEY, nickname TEXT);
INSERT INTO people_old SELECT id, nickname FROM people;
DROP TABLE people;
ALTER TABLE people_old RENAME TO people;
