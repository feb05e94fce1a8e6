ALTER TABLE ledger ADD COLUMN amount_new numeric;
UPDATE ledger SET amount_new = amount;
ALTER TABLE ledger DROP COLUMN amount;
