-- palindrome: dialect postgres
CREATE TABLE documents (id integer PRIMARY KEY, title text);
CREATE FUNCTION keep_title() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER documents_title BEFORE UPDATE ON documents FOR EACH ROW EXECUTE FUNCTION keep_title();
