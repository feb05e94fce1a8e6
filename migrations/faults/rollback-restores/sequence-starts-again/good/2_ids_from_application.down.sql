CREATE SEQUENCE orders_id_seq AS integer OWNED BY orders.id;
ALTER TABLE orders ALTER COLUMN id SET DEFAULT nextval('orders_id_seq');
SELECT setval('orders_id_seq', GREATEST(max(id), 1), COALESCE(max(id) >= 1, false)) FROM orders;
