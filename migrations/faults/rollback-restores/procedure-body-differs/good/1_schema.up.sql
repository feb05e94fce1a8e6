-- palindrome: dialect postgres
CREATE TABLE jobs (id integer PRIMARY KEY, done boolean);
CREATE PROCEDURE clean_up() LANGUAGE sql AS 'DELETE FROM jobs WHERE done';
