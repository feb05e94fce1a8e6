ALTER TABLE orders ADD COLUMN billed_to integer REFERENCES customers (id);
UPDATE orders SET billed_to = COALESCE(customer_id, (SELECT min(id) FROM customers));
