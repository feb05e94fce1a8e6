ALTER TABLE quotes ALTER COLUMN price TYPE numeric(18, 4);
