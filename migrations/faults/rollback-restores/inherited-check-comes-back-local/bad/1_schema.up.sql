-- palindrome: dialect postgres
CREATE TABLE vehicles (id integer NOT NULL, weight integer CONSTRAINT weight CHECK (weight > 0));
CREATE TABLE trucks () INHERITS (vehicles);
