ALTER TABLE accounts DROP COLUMN old_balance;
UPDATE accounts SET balance = (SELECT COALESCE(sum(amount), 0) FROM entries WHERE account_id = accounts.id AND amount > 0);
ALTER TABLE accounts ALTER COLUMN balance SET NOT NULL;
