-- palindrome: lossy history.* because it repeats what orders say, and only this migration writes it
CREATE TABLE history (order_id INTEGER, total INTEGER);
INSERT INTO history SELECT id, total FROM orders;
CREATE INDEX orders_total ON orders (total);
