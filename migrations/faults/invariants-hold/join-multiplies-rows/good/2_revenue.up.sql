-- palindrome: lossy revenue.* because it repeats what orders say, and only this migration writes it
CREATE TABLE revenue (order_id integer NOT NULL, total integer NOT NULL, is_tagged boolean NOT NULL);
INSERT INTO revenue SELECT id, total, EXISTS (SELECT FROM order_tags WHERE order_tags.order_id = orders.id)
FROM orders;
