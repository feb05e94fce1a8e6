CREATE TABLE revenue (order_id integer NOT NULL, total integer NOT NULL, is_tagged boolean NOT NULL);
INSERT INTO revenue SELECT orders.id, orders.total, order_tags.tag IS NOT NULL
FROM orders LEFT JOIN order_tags ON order_tags.order_id = orders.id;
