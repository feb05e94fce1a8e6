ALTER TABLE accounts DROP COLUMN currency;
TRUNCATE accounts;
INSERT INTO accounts SELECT * FROM accounts_backup;
DROP TABLE accounts_backup;
