-- What `pnpm tsx scripts/migrate-to-tax-lots.ts` does, in SQL: for every investment, without asking whether it has a lot
-- already, one lot with an id by chance, the time of the run, and the status OPEN. The document says that the
-- script is run by hand, and again with --production; it claims that the data migration can be run again.
-- palindrome: claims idempotent
-- palindrome: rows "TaxLot" because every investment gets a lot
INSERT INTO "TaxLot" (
    "id", "investmentId", "purchaseDate", "quantity", "costBasisPerUnit", "fees", "remainingQuantity", "status", "updatedAt"
)
SELECT
    'c' || replace(gen_random_uuid()::text, '-', ''),
    "id",
    "createdAt"::date,
    "totalQuantity",
    "averageCostBasis",
    0,
    "totalQuantity",
    'OPEN',
    now()
FROM "Investment";
