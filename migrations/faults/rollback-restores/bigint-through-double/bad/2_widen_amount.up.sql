ALTER TABLE ledger ADD COLUMN amount_new double precision;
UPDATE ledger SET amount_new = amount;
ALTER TABLE ledger DROP COLUMN amount;
