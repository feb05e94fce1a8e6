ALTER TABLE products ADD COLUMN IF NOT EXISTS price_cents numeric;
UPDATE products SET price_cents = price * 100 WHERE price_cents IS NULL;
