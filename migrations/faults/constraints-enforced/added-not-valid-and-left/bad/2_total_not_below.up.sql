-- palindrome: precondition SELECT id FROM orders WHERE total < 0 because no order was ever negative
ALTER TABLE orders ADD CONSTRAINT total_not_below CHECK (total >= 0) NOT VALID;
