CREATE OR REPLACE FUNCTION folded(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN 'x' || lower(value); END $$;
