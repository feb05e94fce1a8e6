CREATE TABLE people (id integer PRIMARY KEY, given_name text, family_name text);
INSERT INTO people SELECT id, given_name, family_name FROM contacts;
DROP TABLE contacts;
