-- palindrome: dialect postgres
CREATE TABLE accounts (id integer PRIMARY KEY);
COMMENT ON TABLE accounts IS 'Ledger accounts, one per currency';
