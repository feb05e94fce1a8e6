-- palindrome: map account.balance = balance + 10 because everybody gets a bonus
BEGIN;
ALTER TABLE account ADD COLUMN IF NOT EXISTS paid_2 boolean NOT NULL DEFAULT false;
UPDATE account SET balance = balance + 10, paid_2 = true WHERE NOT paid_2;
COMMIT;
