DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'accounts'::regclass AND attname = 'label') THEN
    ALTER TABLE accounts ADD COLUMN label text;
    COMMIT;
    UPDATE accounts SET label = 'account ' || id;
  END IF;
END $$;
