-- palindrome: dialect postgres
CREATE TABLE parts (id integer PRIMARY KEY, weight integer);
CREATE AGGREGATE total_weight (integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
