CREATE TABLE people_new (id INTEGER PRIMARY KEY, given_name TEXT, family_name TEXT);
INSERT INTO people_new SELECT * FROM people;
DROP TABLE people;
ALTER TABLE people_new RENAME TO people;
CREATE INDEX people_names ON people (family_name, given_name);
