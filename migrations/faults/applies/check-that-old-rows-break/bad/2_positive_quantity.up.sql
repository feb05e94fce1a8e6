ALTER TABLE items ADD CONSTRAINT items_quantity CHECK (quantity > 0);
