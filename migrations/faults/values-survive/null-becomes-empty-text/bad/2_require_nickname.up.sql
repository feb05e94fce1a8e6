CREATE TABLE people_new (id INTEGER PRIMARY KEY, nickname TEXT NOT NULL);
INSERT INTO people_new SELECT id, COALESCE(nickname, '') FROM people;
DROP TABLE people;
ALTER TABLE people_new RENAME TO people;
