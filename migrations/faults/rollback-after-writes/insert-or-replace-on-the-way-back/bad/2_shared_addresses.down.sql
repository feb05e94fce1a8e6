CREATE TABLE contacts_old (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE);
INSERT OR REPLACE INTO contacts_old (id, email) SELECT id, email FROM contacts;
DROP TABLE contacts;
ALTER TABLE contacts_old RENAME TO contacts;
