-- palindrome: precondition SELECT id FROM orders WHERE total < 0 because no order was ever negative
ALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total >= 0);
