-- palindrome: rows history because orders are copied to it
INSERT INTO history SELECT id, total FROM orders;
ALTER TABLE orders ADD COLUMN is_copied boolean NOT NULL DEFAULT true;
