ALTER TABLE orders DROP COLUMN billed_to;
