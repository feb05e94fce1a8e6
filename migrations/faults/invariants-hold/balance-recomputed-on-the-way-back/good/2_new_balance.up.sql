ALTER TABLE accounts RENAME COLUMN balance TO old_balance;
ALTER TABLE accounts ADD COLUMN balance bigint;
UPDATE accounts SET balance = old_balance;
