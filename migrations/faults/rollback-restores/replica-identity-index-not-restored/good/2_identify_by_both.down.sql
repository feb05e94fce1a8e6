ALTER TABLE accounts REPLICA IDENTITY USING INDEX accounts_id;
DROP INDEX accounts_both;
