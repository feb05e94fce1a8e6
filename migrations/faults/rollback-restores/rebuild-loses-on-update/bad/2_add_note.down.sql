CREATE TABLE pets_new (id INTEGER PRIMARY KEY, owner TEXT REFERENCES owners (code));
INSERT INTO pets_new SELECT id, owner FROM pets;
DROP TABLE pets;
ALTER TABLE pets_new RENAME TO pets;
