CREATE TABLE items_new (id INTEGER PRIMARY KEY, price INTEGER, total INTEGER);
INSERT INTO items_new SELECT id, price, total FROM items;
DROP TABLE items;
ALTER TABLE items_new RENAME TO items;
