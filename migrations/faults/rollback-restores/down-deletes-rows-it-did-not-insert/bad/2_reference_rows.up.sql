-- palindrome: rows currencies because the reference rows are inserted
INSERT INTO currencies VALUES ('EUR'), ('USD') ON CONFLICT DO NOTHING;
