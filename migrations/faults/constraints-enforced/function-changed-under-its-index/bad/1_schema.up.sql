-- palindrome: dialect postgres
CREATE FUNCTION folded(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN upper(value); END $$;
CREATE TABLE names (id integer PRIMARY KEY, name text NOT NULL);
CREATE INDEX names_folded ON names (folded(name));
