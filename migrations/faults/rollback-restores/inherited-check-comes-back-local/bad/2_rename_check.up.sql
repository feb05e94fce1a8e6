ALTER TABLE vehicles DROP CONSTRAINT weight;
ALTER TABLE vehicles ADD CONSTRAINT weight_is_positive CHECK (weight > 0);
