CREATE TABLE items_new (id INTEGER PRIMARY KEY, price INTEGER, total INTEGER GENERATED ALWAYS AS (price * 2) STORED);
INSERT INTO items_new (id, price) SELECT id, price FROM items;
DROP TABLE items;
ALTER TABLE items_new RENAME TO items;
