-- palindrome: dialect postgres
CREATE TABLE ledger (id integer PRIMARY KEY, amount bigint NOT NULL CHECK (amount BETWEEN -9000000000000000000 AND 9000000000000000000));
