/** What must be true of lots, sales and holdings from phase 2 on, and how generated rows are made to satisfy it beforehand. */
const LOTS = '20251116090000';

export default {
  dialect: 'postgres',
  layout: 'prisma',
  invariants: [
    {
      id: 'lots-sum-to-holding',
      from: LOTS,
      sql: `
        SELECT i."id", i."totalQuantity", SUM(l."remainingQuantity") AS "remaining"
        FROM "Investment" i LEFT JOIN "TaxLot" l ON l."investmentId" = i."id"
        GROUP BY i."id", i."totalQuantity"
        HAVING SUM(l."remainingQuantity") IS DISTINCT FROM i."totalQuantity"`,
    },
    {
      id: 'every-investment-has-lots',
      from: LOTS,
      sql: `
        SELECT i."id" FROM "Investment" i
        WHERE NOT EXISTS (SELECT FROM "TaxLot" l WHERE l."investmentId" = i."id")`,
    },
    {
      id: 'every-lot-has-an-investment',
      from: LOTS,
      sql: `
        SELECT l."id", l."investmentId" FROM "TaxLot" l
        WHERE NOT EXISTS (SELECT FROM "Investment" i WHERE i."id" = l."investmentId")`,
    },
    {
      id: 'lot-remaining-is-quantity-less-allocations',
      from: LOTS,
      sql: `
        SELECT l."id", l."quantity", l."remainingQuantity" FROM "TaxLot" l
        WHERE l."remainingQuantity" IS DISTINCT FROM l."quantity" -
          (SELECT COALESCE(SUM(a."quantityAllocated"), 0) FROM "TaxLotAllocation" a WHERE a."taxLotId" = l."id")`,
    },
    {
      id: 'lot-status-agrees-with-remaining',
      from: LOTS,
      sql: `
        SELECT l."id", l."quantity", l."remainingQuantity", l."status" FROM "TaxLot" l
        WHERE l."status"::text <> CASE
          WHEN l."remainingQuantity" = 0 THEN 'CLOSED'
          WHEN l."remainingQuantity" = l."quantity" THEN 'OPEN'
          ELSE 'PARTIALLY_CLOSED'
        END`,
    },
    {
      id: 'allocations-sum-to-their-sale',
      from: LOTS,
      sql: `
        SELECT s."id", s."quantity", SUM(a."quantityAllocated") AS "allocated"
        FROM "SaleTransaction" s LEFT JOIN "TaxLotAllocation" a ON a."saleId" = s."id"
        GROUP BY s."id", s."quantity"
        HAVING SUM(a."quantityAllocated") IS DISTINCT FROM s."quantity"`,
    },
    {
      id: 'migrated-lot-keeps-basis-and-date',
      from: LOTS,
      sql: `
        SELECT l."id", l."costBasisPerUnit", i."averageCostBasis", l."purchaseDate", i."createdAt"
        FROM "TaxLot" l JOIN "Investment" i ON i."id" = l."investmentId"
        WHERE l."id" = 'lot_' || i."id"
          AND NOT EXISTS (SELECT FROM "TaxLot" o WHERE o."investmentId" = i."id" AND o."id" <> l."id")
          AND (l."costBasisPerUnit" IS DISTINCT FROM i."averageCostBasis" OR l."purchaseDate" IS DISTINCT FROM i."createdAt"::date)`,
    },
  ],
  prepare: [
    {
      // Generated lots, sales and holdings know nothing of each other. Numbers are folded into a range in which no sum overflows; two cases
      // of three (and all, once phase 4's constraints are there) are made clean, the others keep what is negative and NaN.
      from: LOTS,
      sql: `
        DO $$
        DECLARE
          is_clean BOOLEAN := (SELECT count(*) FROM "Investment") % 3 <> 0
            OR EXISTS (SELECT FROM pg_constraint WHERE conname = 'TaxLot_quantity_not_negative');
        BEGIN
          UPDATE "Investment" SET
            "totalQuantity" = CASE
              WHEN NOT is_clean THEN mod("totalQuantity", 100000)
              WHEN "totalQuantity" = 'NaN' THEN 0
              ELSE abs(mod("totalQuantity", 100000)) END,
            "averageCostBasis" = CASE
              WHEN NOT is_clean THEN "averageCostBasis"
              WHEN "averageCostBasis" = 'NaN' THEN 0
              ELSE abs("averageCostBasis") END,
            "currentPrice" = CASE
              WHEN NOT is_clean THEN "currentPrice"
              WHEN "currentPrice" = 'NaN' THEN NULL
              ELSE abs("currentPrice") END;
          UPDATE "TaxLotAllocation" SET "quantityAllocated" = CASE
            WHEN NOT is_clean THEN mod("quantityAllocated", 1000)
            WHEN "quantityAllocated" = 'NaN' THEN 0
            ELSE abs(mod("quantityAllocated", 1)) END;
          DELETE FROM "SaleTransaction" s
          WHERE NOT EXISTS (SELECT FROM "TaxLotAllocation" a WHERE a."saleId" = s."id");
          UPDATE "SaleTransaction" s SET "quantity" =
            (SELECT SUM(a."quantityAllocated") FROM "TaxLotAllocation" a WHERE a."saleId" = s."id");
          UPDATE "TaxLot" SET ("quantity", "remainingQuantity") = (
            SELECT folded, folded FROM (SELECT CASE
              WHEN NOT is_clean THEN mod("TaxLot"."quantity", 100000)
              WHEN "TaxLot"."quantity" = 'NaN' THEN 1000
              ELSE abs(mod("TaxLot"."quantity", 100000)) + 1000 END) AS f (folded));
          INSERT INTO "TaxLot"
            ("id", "investmentId", "purchaseDate", "quantity", "costBasisPerUnit", "remainingQuantity", "createdAt", "updatedAt")
          SELECT 'lot_' || i."id", i."id", i."createdAt"::date, i."totalQuantity", i."averageCostBasis", i."totalQuantity",
            i."createdAt", i."updatedAt"
          FROM "Investment" i WHERE NOT EXISTS (SELECT FROM "TaxLot" l WHERE l."investmentId" = i."id");
          UPDATE "TaxLot" l SET "remainingQuantity" = l."quantity" -
            (SELECT COALESCE(SUM(a."quantityAllocated"), 0) FROM "TaxLotAllocation" a WHERE a."taxLotId" = l."id");
          UPDATE "TaxLot" SET "status" = (CASE
            WHEN "remainingQuantity" = 0 THEN 'CLOSED'
            WHEN "remainingQuantity" = "quantity" THEN 'OPEN'
            ELSE 'PARTIALLY_CLOSED' END)::"TaxLotStatus";
          UPDATE "Investment" i SET "totalQuantity" =
            (SELECT SUM(l."remainingQuantity") FROM "TaxLot" l WHERE l."investmentId" = i."id");
        END
        $$`,
    },
  ],
};
