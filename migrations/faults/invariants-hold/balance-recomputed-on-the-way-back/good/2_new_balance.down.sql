ALTER TABLE accounts DROP COLUMN balance;
ALTER TABLE accounts RENAME COLUMN old_balance TO balance;
