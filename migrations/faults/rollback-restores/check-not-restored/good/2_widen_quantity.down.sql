ALTER TABLE items DROP CONSTRAINT items_quantity;
ALTER TABLE items ADD CONSTRAINT items_quantity CHECK (quantity BETWEEN 1 AND 100);
