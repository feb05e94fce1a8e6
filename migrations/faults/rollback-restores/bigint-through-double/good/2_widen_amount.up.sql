ALTER TABLE ledger ADD COLUMN amount_new numeric(20, 0);
UPDATE ledger SET amount_new = amount;
ALTER TABLE ledger DROP COLUMN amount;
