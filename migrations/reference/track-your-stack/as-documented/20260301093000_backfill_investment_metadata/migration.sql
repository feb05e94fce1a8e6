-- What `pnpm tsx scripts/backfill-investment-metadata.ts` does, in SQL. The list stands for the answers of the market data service;
-- for a ticker that it does not know, it answers with nothing, and the script writes NULL. Prisma sets "updatedAt" with every update.
UPDATE "Investment" i
SET
    "sector" = NULLIF(o."sector", ''),
    "industry" = NULLIF(o."industry", ''),
    "country" = NULLIF(o."country", ''),
    "marketCap" = o."marketCap",
    "updatedAt" = now()
FROM (
    SELECT c."id", a."sector", a."industry", a."country", a."marketCap"
    FROM "Investment" c
    LEFT JOIN (
        VALUES
            ('AAPL', 'Technology', 'Consumer Electronics', 'US', 3500000000000::numeric),
            ('MSFT', 'Technology', 'Software', 'US', 3100000000000),
            ('JNJ', 'Healthcare', 'Pharmaceuticals', 'US', 380000000000),
            ('TM', 'Consumer Cyclical', 'Auto Manufacturers', 'JP', 240000000000),
            ('HSBC', 'Financial Services', 'Banks', 'GB', 160000000000),
            ('SPY', '', '', 'US', NULL)
    ) AS a ("ticker", "sector", "industry", "country", "marketCap") ON a."ticker" = c."ticker"
    WHERE c."assetType" IN ('STOCK', 'ETF') AND c."sector" IS NULL
) AS o
WHERE o."id" = i."id";
