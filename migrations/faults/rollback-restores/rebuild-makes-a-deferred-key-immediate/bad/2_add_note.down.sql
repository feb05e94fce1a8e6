CREATE TABLE pets_new (id INTEGER PRIMARY KEY, owner_id INTEGER REFERENCES owners (id));
INSERT INTO pets_new SELECT id, owner_id FROM pets;
DROP TABLE pets;
ALTER TABLE pets_new RENAME TO pets;
