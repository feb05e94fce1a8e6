-- palindrome: claims idempotent
ALTER TABLE parts ADD CONSTRAINT parts_weight CHECK (weight > 0) NOT VALID;
