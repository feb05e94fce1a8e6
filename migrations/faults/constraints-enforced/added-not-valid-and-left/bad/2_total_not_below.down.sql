ALTER TABLE orders DROP CONSTRAINT total_not_below;
