-- palindrome: dialect postgres
CREATE TABLE vehicles (id integer NOT NULL);
CREATE TABLE trucks (id integer NOT NULL, load integer) INHERITS (vehicles);
