ALTER TABLE products ALTER COLUMN price TYPE integer USING price * 100;
ALTER TABLE products DROP COLUMN unit;
