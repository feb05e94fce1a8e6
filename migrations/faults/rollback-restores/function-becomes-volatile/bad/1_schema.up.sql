-- palindrome: dialect postgres
CREATE TABLE notes (id integer PRIMARY KEY);
CREATE FUNCTION own_notes() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS 'SELECT count(*) FROM notes';
