DO $$ BEGIN
  IF EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'account' AND column_name = 'paid_2') THEN
    UPDATE account SET balance = balance - 10 WHERE paid_2;
    ALTER TABLE account DROP COLUMN paid_2;
  END IF;
END $$;
