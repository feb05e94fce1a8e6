ALTER TABLE products ALTER COLUMN price TYPE integer USING price / 100;
ALTER TABLE products ADD COLUMN unit text NOT NULL DEFAULT 'EUR';
