-- palindrome: dialect postgres
CREATE TYPE period AS RANGE (subtype = timestamptz);
CREATE TABLE shifts (id integer PRIMARY KEY);
