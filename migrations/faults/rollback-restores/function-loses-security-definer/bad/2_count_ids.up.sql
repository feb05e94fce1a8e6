CREATE OR REPLACE FUNCTION own_notes() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS 'SELECT count(id) FROM notes';
