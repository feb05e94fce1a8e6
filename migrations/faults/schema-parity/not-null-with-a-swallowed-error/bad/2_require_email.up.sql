DO $$
BEGIN
  ALTER TABLE users ALTER COLUMN email SET NOT NULL;
EXCEPTION WHEN not_null_violation THEN
  RAISE NOTICE 'users without an email are left alone';
END $$;
