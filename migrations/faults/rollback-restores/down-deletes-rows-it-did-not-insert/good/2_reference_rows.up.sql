-- palindrome: rows currencies because the reference rows are inserted
ALTER TABLE currencies ADD COLUMN is_reference boolean NOT NULL DEFAULT false;
INSERT INTO currencies VALUES ('EUR', true), ('USD', true) ON CONFLICT DO NOTHING;
