-- palindrome: dialect postgres
CREATE TABLE prices (id integer PRIMARY KEY, amount integer);
CREATE FUNCTION note_price() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER prices_noted BEFORE UPDATE OF amount ON prices FOR EACH ROW WHEN (OLD.amount IS DISTINCT FROM NEW.amount) EXECUTE FUNCTION note_price();
