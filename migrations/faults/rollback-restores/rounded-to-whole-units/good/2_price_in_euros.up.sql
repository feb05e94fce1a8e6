ALTER TABLE products ADD COLUMN price_eur numeric(12, 2);
UPDATE products SET price_eur = price / 100.0;
