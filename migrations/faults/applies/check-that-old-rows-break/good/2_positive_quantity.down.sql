ALTER TABLE items DROP CONSTRAINT items_quantity;
