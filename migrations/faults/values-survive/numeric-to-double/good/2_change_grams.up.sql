ALTER TABLE weights ALTER COLUMN grams TYPE numeric(34, 10);
