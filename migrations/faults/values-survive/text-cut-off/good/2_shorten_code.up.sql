ALTER TABLE codes ADD CONSTRAINT codes_short CHECK (length(code) <= 8) NOT VALID;
