CREATE TABLE contacts_new (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
INSERT INTO contacts_new (id, email) SELECT id, email FROM contacts;
DROP TABLE contacts;
ALTER TABLE contacts_new RENAME TO contacts;
