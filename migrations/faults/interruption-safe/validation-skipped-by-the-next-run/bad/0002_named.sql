DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'accounts_named') THEN
    ALTER TABLE accounts ADD CONSTRAINT accounts_named CHECK (name IS NOT NULL) NOT VALID;
    COMMIT;
    ALTER TABLE accounts VALIDATE CONSTRAINT accounts_named;
  END IF;
END $$;
