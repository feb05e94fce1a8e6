CREATE OR REPLACE FUNCTION folded(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN upper(value); END $$;
REINDEX INDEX names_folded;
