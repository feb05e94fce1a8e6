ALTER TABLE customers ADD COLUMN is_nameless boolean NOT NULL DEFAULT false;
UPDATE customers SET is_nameless = name IS NULL;
