ALTER TABLE plans ALTER COLUMN seats TYPE integer;
