CREATE TABLE people (id integer PRIMARY KEY, given_name text, family_name text);
INSERT INTO people SELECT * FROM contacts;
DROP TABLE contacts;
