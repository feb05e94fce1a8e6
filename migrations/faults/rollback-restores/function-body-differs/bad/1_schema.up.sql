-- palindrome: dialect postgres
CREATE TABLE sales (id integer PRIMARY KEY, net integer);
CREATE FUNCTION gross(net integer) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT net * 1.19';
