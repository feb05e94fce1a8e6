ALTER TABLE views ALTER COLUMN total TYPE numeric(20, 0);
