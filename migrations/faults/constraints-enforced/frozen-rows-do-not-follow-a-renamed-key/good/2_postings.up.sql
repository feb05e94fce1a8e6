CREATE TABLE postings (
  id integer PRIMARY KEY,
  account text NOT NULL REFERENCES accounts ON UPDATE CASCADE,
  amount numeric(12, 2)
);
CREATE FUNCTION keep_as_posted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER posted_is_posted BEFORE UPDATE OF amount ON postings FOR EACH ROW EXECUTE FUNCTION keep_as_posted();
