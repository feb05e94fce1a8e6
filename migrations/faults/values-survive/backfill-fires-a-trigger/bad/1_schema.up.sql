-- palindrome: dialect postgres
CREATE TABLE users (id integer PRIMARY KEY, name text);
CREATE TABLE changes (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id integer);
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO changes (user_id) VALUES (NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER users_changes AFTER UPDATE ON users FOR EACH ROW EXECUTE FUNCTION note_change();
