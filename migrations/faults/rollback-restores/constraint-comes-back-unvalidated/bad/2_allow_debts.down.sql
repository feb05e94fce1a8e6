ALTER TABLE stock ADD CONSTRAINT stock_amount CHECK (amount >= 0) NOT VALID;
