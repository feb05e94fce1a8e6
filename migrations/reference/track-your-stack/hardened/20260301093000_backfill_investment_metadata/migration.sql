-- Phase 5, the backfill: what the market data service knows of the stocks and funds that are held. The list stands for its answers.
-- Only what is missing is filled, column by column; what a user entered stays, and so does "updatedAt". What was filled is written down,
-- because nothing else could tell it from what users enter later. Safe to run again: what has been filled is not missing any more.
-- palindrome: claims idempotent
-- palindrome: lossy "InvestmentBackfill".* because only this migration writes there: the application never does

-- CreateTable
CREATE TABLE IF NOT EXISTS "InvestmentBackfill" (
    "investmentId" TEXT NOT NULL,
    "sector" TEXT,
    "industry" TEXT,
    "country" TEXT,
    "marketCap" DECIMAL(20,2),

    CONSTRAINT "InvestmentBackfill_pkey" PRIMARY KEY ("investmentId"),
    CONSTRAINT "InvestmentBackfill_investmentId_fkey" FOREIGN KEY ("investmentId") REFERENCES "Investment"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

WITH answers ("ticker", "sector", "industry", "country", "marketCap") AS (
    VALUES
        ('AAPL', 'Technology', 'Consumer Electronics', 'US', 3500000000000::numeric),
        ('MSFT', 'Technology', 'Software', 'US', 3100000000000),
        ('JNJ', 'Healthcare', 'Pharmaceuticals', 'US', 380000000000),
        ('TM', 'Consumer Cyclical', 'Auto Manufacturers', 'JP', 240000000000),
        ('HSBC', 'Financial Services', 'Banks', 'GB', 160000000000),
        ('SPY', NULL, NULL, 'US', NULL)
), missing AS (
    SELECT
        i."id",
        CASE WHEN i."sector" IS NULL THEN a."sector" END AS "sector",
        CASE WHEN i."industry" IS NULL THEN a."industry" END AS "industry",
        CASE WHEN i."country" IS NULL THEN a."country" END AS "country",
        CASE WHEN i."marketCap" IS NULL THEN a."marketCap" END AS "marketCap"
    FROM "Investment" i JOIN answers a ON a."ticker" = i."ticker"
    WHERE i."assetType" IN ('STOCK', 'ETF')
), filled AS (
    INSERT INTO "InvestmentBackfill" AS b ("investmentId", "sector", "industry", "country", "marketCap")
    SELECT "id", "sector", "industry", "country", "marketCap" FROM missing
    WHERE COALESCE("sector", "industry", "country", "marketCap"::text) IS NOT NULL
    ON CONFLICT ("investmentId") DO UPDATE SET
        "sector" = COALESCE(EXCLUDED."sector", b."sector"),
        "industry" = COALESCE(EXCLUDED."industry", b."industry"),
        "country" = COALESCE(EXCLUDED."country", b."country"),
        "marketCap" = COALESCE(EXCLUDED."marketCap", b."marketCap")
    RETURNING *
)
UPDATE "Investment" i
SET
    "sector" = COALESCE(i."sector", f."sector"),
    "industry" = COALESCE(i."industry", f."industry"),
    "country" = COALESCE(i."country", f."country"),
    "marketCap" = COALESCE(i."marketCap", f."marketCap")
FROM filled f
WHERE f."investmentId" = i."id";
