CREATE TABLE given_names (contact_id integer PRIMARY KEY REFERENCES contacts (id), name text);
INSERT INTO given_names SELECT id, given_name FROM contacts;
ALTER TABLE contacts DROP COLUMN given_name;
