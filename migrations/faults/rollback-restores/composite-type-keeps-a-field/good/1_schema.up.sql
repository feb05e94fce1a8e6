-- palindrome: dialect postgres
CREATE TYPE address AS (street text, city text);
CREATE TABLE shops (id integer PRIMARY KEY);
