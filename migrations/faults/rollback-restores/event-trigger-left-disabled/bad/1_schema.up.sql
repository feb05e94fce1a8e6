-- palindrome: dialect postgres
CREATE TABLE changes (id integer PRIMARY KEY);
CREATE FUNCTION note_change() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
CREATE EVENT TRIGGER changes_noted ON ddl_command_end EXECUTE FUNCTION note_change();
