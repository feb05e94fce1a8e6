ALTER TABLE accounts DROP COLUMN old_balance;
ALTER TABLE accounts ALTER COLUMN balance SET NOT NULL;
