ALTER TABLE codes ALTER COLUMN code TYPE varchar(8) USING left(code, 8);
