ALTER TABLE stock DROP CONSTRAINT stock_amount;
