-- Goals, alerts and benchmarks were entered by users: while there are any, this refuses. Prices and metadata can be fetched again.
DO $$
BEGIN
  IF EXISTS (SELECT FROM "Goal") OR EXISTS (SELECT FROM "PriceAlert") OR EXISTS (SELECT FROM "PortfolioBenchmark") THEN
    RAISE EXCEPTION 'there are goals, price alerts or benchmarks'
      USING HINT = 'Copy "Goal", "PriceAlert" and "PortfolioBenchmark" away and empty them before rolling back.';
  END IF;
END
$$;

DROP TABLE "PriceAlert";
DROP TABLE "Goal";
DROP TABLE "BenchmarkPrice";
DROP TABLE "PortfolioBenchmark";
ALTER TABLE "Investment" DROP COLUMN "marketCap", DROP COLUMN "country", DROP COLUMN "industry", DROP COLUMN "sector";
DROP TYPE "PriceAlertType";
DROP TYPE "GoalStatus";
DROP TYPE "GoalType";
