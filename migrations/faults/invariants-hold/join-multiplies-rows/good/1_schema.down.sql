DROP TABLE order_tags;
DROP TABLE orders;
