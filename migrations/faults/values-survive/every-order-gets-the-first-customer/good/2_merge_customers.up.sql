ALTER TABLE orders ADD COLUMN billed_to integer REFERENCES customers (id);
UPDATE orders SET billed_to = (
  SELECT min(same.id) FROM customers JOIN customers AS same USING (name) WHERE customers.id = orders.customer_id
);
