ALTER TABLE items RENAME CONSTRAINT price_above_zero TO price_positive;
