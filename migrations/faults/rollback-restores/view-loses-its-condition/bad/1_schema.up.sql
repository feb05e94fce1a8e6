-- palindrome: dialect postgres
CREATE TABLE orders (id integer PRIMARY KEY, total integer, is_deleted boolean NOT NULL);
CREATE VIEW live_orders AS SELECT id FROM orders WHERE NOT is_deleted;
