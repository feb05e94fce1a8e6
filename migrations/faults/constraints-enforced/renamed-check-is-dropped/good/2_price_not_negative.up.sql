ALTER TABLE items RENAME CONSTRAINT price_positive TO price_above_zero;
