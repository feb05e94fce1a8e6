CREATE INDEX orders_reference ON orders (reference);
