ALTER TABLE plans ALTER COLUMN seats TYPE bigint;
