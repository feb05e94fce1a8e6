CREATE TEMP TABLE joined ON COMMIT DROP AS
SELECT orders.id, orders.customer_id, customers.name FROM orders LEFT JOIN customers ON customers.id = orders.customer_id;
DELETE FROM orders;
ALTER TABLE orders ADD COLUMN customer_name text;
INSERT INTO orders SELECT id, customer_id, name FROM joined;
