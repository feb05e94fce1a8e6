-- palindrome: dialect postgres
CREATE DOMAIN share AS integer CONSTRAINT share_range CHECK (VALUE BETWEEN 0 AND 100);
CREATE TABLE owners (id integer PRIMARY KEY, share share);
