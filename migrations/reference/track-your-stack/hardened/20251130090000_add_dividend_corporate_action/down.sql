-- Dividends and corporate actions are nowhere else: while there are any, this refuses.
DO $$
BEGIN
  IF EXISTS (SELECT FROM "Dividend") OR EXISTS (SELECT FROM "CorporateAction") THEN
    RAISE EXCEPTION 'there are dividends or corporate actions'
      USING HINT = 'Copy "Dividend" and "CorporateAction" away and empty them before rolling back.';
  END IF;
END
$$;

DROP TABLE "CorporateAction";
DROP TABLE "Dividend";
DROP TYPE "CorporateActionType";
DROP TYPE "DividendType";
