-- palindrome: map accounts.balance = balance + 10 because everybody gets a bonus
BEGIN;
ALTER TABLE accounts ADD COLUMN IF NOT EXISTS got_bonus boolean NOT NULL DEFAULT false;
UPDATE accounts SET balance = balance + 10, got_bonus = true WHERE NOT got_bonus;
COMMIT;
