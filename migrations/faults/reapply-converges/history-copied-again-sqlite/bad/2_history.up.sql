CREATE TABLE IF NOT EXISTS history (order_id INTEGER, total INTEGER);
INSERT INTO history SELECT id, total FROM orders;
CREATE INDEX orders_total ON orders (total);
