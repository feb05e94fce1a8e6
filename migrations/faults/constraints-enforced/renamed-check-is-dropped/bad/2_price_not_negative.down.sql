ALTER TABLE items DROP CONSTRAINT price_not_negative;
