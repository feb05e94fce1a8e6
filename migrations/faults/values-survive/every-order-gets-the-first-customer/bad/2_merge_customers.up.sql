UPDATE orders SET customer_id = (SELECT min(id) FROM customers);
CREATE INDEX orders_customer ON orders (customer_id);
