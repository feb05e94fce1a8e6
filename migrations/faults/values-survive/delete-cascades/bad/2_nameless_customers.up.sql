-- palindrome: rows customers because nameless customers are deleted
DELETE FROM customers WHERE name IS NULL;
ALTER TABLE customers ADD COLUMN is_nameless boolean NOT NULL DEFAULT false;
