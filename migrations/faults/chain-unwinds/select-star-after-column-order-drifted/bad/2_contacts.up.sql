CREATE TABLE contacts (id integer PRIMARY KEY, given_name text, family_name text);
INSERT INTO contacts SELECT id, given_name, family_name FROM people;
DROP TABLE people;
