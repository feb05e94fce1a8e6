ALTER TABLE vehicles DROP CONSTRAINT weight_is_positive;
ALTER TABLE vehicles ADD CONSTRAINT weight CHECK (weight > 0) NO INHERIT;
ALTER TABLE trucks ADD CONSTRAINT weight CHECK (weight > 0);
