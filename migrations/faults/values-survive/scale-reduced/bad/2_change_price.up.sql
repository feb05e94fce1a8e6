ALTER TABLE quotes ALTER COLUMN price TYPE numeric(12, 2);
