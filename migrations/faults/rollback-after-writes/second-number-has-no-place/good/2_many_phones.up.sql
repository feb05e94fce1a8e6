CREATE TABLE phones (person_id integer NOT NULL REFERENCES people, phone text NOT NULL);
INSERT INTO phones (person_id, phone) SELECT id, phone FROM people;
ALTER TABLE people DROP COLUMN phone;
