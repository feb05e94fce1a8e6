CREATE OR REPLACE VIEW live_orders AS SELECT id, total FROM orders WHERE NOT is_deleted;
