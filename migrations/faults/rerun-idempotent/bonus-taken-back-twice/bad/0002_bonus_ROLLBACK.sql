UPDATE accounts SET balance = balance - 10;
ALTER TABLE accounts DROP COLUMN IF EXISTS got_bonus;
