-- palindrome: ignore rollback-restores because only the scale of a numeric differs
UPDATE products SET price = price / 100;
