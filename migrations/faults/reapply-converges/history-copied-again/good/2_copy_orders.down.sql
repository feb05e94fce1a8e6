ALTER TABLE orders DROP COLUMN is_copied;
DROP TABLE order_history;
