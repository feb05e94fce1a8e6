ALTER TABLE readings DROP COLUMN number;
