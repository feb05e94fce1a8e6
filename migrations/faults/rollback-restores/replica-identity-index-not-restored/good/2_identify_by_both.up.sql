CREATE UNIQUE INDEX accounts_both ON accounts (id, code);
ALTER TABLE accounts REPLICA IDENTITY USING INDEX accounts_both;
