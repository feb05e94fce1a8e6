DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM orders WHERE total < 0) THEN
    ALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total >= 0);
  END IF;
END $$;
