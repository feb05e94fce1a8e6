DO $$
BEGIN
  IF EXISTS (
    SELECT holding_id, part, quantity FROM lots
    EXCEPT
    SELECT id, part, CASE part WHEN 1 THEN round(quantity / 2, 8) ELSE quantity - round(quantity / 2, 8) END
    FROM holdings, generate_series(1, 2) part
  ) THEN
    RAISE EXCEPTION 'lots are not the halves of their holdings any more: dropping them would lose what was written since';
  END IF;
END $$;
DROP TABLE lots;
