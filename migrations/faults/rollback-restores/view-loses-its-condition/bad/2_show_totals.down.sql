DROP VIEW live_orders;
CREATE VIEW live_orders AS SELECT id FROM orders;
