/** What must be true of lots, sales and holdings from phase 2 on, and the portfolios on which it is judged. */
import { investorPortfolios, portfolioConservation, TRACK_YOUR_STACK } from 'palindrome/portfolios';
import { ACCESS_PATHS } from '../access-paths.ts';
import { BACKFILL } from '../market-data.ts';

const LOTS = '20251116090000';

export default {
  dialect: 'postgres',
  layout: 'prisma',
  ignore: [
    {
      migrations: '20251214090000_add_data_constraints',
      property: 'rollback-after-writes',
      reason: 'it only adds checks, so a row that is legal after it is legal before it; and no generated later row agreed with checks and sums at once',
    },
  ],
  declare: { '20260301093000': BACKFILL },
  queries: ACCESS_PATHS,
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
  conserve: [
    ...portfolioConservation({
      names: TRACK_YOUR_STACK,
      from: '20251102090000',
      lotsMadeBy: LOTS,
      lotsFrom: '20251130090000',
    }),
    {
      id: 'lots-have-the-moments-of-their-holdings',
      from: LOTS,
      until: LOTS,
      sql: 'SELECT "id", "createdAt", "updatedAt" FROM "Investment"',
      after: 'SELECT "investmentId", "createdAt", "updatedAt" FROM "TaxLot"',
    },
  ],
  // Lots, sales and holdings that agree with each other, also where phase 4's checks are not there yet to rule out what is negative or NaN.
  datasets: [investorPortfolios({ names: TRACK_YOUR_STACK })],
};
