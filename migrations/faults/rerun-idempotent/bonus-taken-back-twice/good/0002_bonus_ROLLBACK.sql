DO $$ BEGIN
  IF EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'accounts' AND column_name = 'got_bonus') THEN
    UPDATE accounts SET balance = balance - 10;
    ALTER TABLE accounts DROP COLUMN got_bonus;
  END IF;
END $$;
