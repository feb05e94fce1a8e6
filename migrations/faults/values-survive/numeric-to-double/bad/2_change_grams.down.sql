ALTER TABLE weights ALTER COLUMN grams TYPE numeric(30, 10);
