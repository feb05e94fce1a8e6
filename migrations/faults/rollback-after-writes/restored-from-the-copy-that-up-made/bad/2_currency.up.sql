CREATE TABLE accounts_backup AS TABLE accounts;
ALTER TABLE accounts ADD COLUMN currency text NOT NULL DEFAULT 'EUR';
