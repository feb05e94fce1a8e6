-- palindrome: claims idempotent
ALTER TABLE parts DROP CONSTRAINT IF EXISTS parts_weight;
ALTER TABLE parts ADD CONSTRAINT parts_weight CHECK (weight > 0) NOT VALID;
