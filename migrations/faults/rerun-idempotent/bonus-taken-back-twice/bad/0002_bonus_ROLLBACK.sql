-- palindrome: ignore applies because the down, not the up, is what this case is about
UPDATE accounts SET balance = balance - 10 WHERE balance >= -999990;
ALTER TABLE accounts DROP COLUMN IF EXISTS got_bonus;
