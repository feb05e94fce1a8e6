CREATE OR REPLACE FUNCTION own_notes() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public AS 'SELECT count(*) FROM notes';
