COMMENT ON TABLE accounts IS 'Ledger accounts, one per currency and region';
