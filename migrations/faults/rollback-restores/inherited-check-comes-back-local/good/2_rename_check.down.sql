ALTER TABLE vehicles DROP CONSTRAINT weight_is_positive;
ALTER TABLE vehicles ADD CONSTRAINT weight CHECK (weight > 0);
