DROP VIEW live_orders;
DROP TABLE orders;
