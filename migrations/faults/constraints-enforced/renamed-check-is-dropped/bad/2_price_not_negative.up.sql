ALTER TABLE items ADD CONSTRAINT price_not_negative CHECK (price >= 0);
ALTER TABLE items DROP CONSTRAINT price_positive;
