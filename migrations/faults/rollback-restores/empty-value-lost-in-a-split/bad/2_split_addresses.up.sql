CREATE TABLE addresses (person_id integer PRIMARY KEY REFERENCES people (id), address text NOT NULL);
INSERT INTO addresses SELECT id, address FROM people WHERE address <> '';
ALTER TABLE people DROP COLUMN address;
