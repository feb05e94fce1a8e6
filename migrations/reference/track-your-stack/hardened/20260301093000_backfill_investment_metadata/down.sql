-- Takes back what was filled and is still as it was filled. What users have changed since is theirs.
DO $$
BEGIN
  IF to_regclass('"InvestmentBackfill"') IS NULL THEN
    RETURN;
  END IF;
  UPDATE "Investment" i
  SET
      "sector" = CASE WHEN i."sector" = b."sector" THEN NULL ELSE i."sector" END,
      "industry" = CASE WHEN i."industry" = b."industry" THEN NULL ELSE i."industry" END,
      "country" = CASE WHEN i."country" = b."country" THEN NULL ELSE i."country" END,
      "marketCap" = CASE WHEN i."marketCap" = b."marketCap" THEN NULL ELSE i."marketCap" END
  FROM "InvestmentBackfill" b
  WHERE b."investmentId" = i."id";
END
$$;

DROP TABLE IF EXISTS "InvestmentBackfill";
