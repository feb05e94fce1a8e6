-- palindrome: dialect postgres
CREATE TABLE prices (id integer PRIMARY KEY, amount integer NOT NULL);
CREATE FUNCTION keep_price() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER prices_kept BEFORE UPDATE ON prices FOR EACH ROW EXECUTE FUNCTION keep_price();
