/** What the document says of lots, sales and holdings, as invariants: its own verification and audit scripts, and the exact form of what they check. */
import { investorPortfolios, TRACK_YOUR_STACK } from 'palindrome/portfolios';
import { BACKFILL } from '../market-data.ts';

const MODELS = '20251116090000';
const LOTS = '20251116093000';
const CONSTRAINTS = '20251214090000';

export default {
  dialect: 'postgres',
  layout: 'prisma',
  declare: { '20260301093000': BACKFILL },
  invariants: [
    {
      // Check 1 of verify-tax-lot-migration.ts.
      id: 'every-investment-has-lots',
      from: LOTS,
      sql: `
        SELECT i."id" FROM "Investment" i
        WHERE NOT EXISTS (SELECT FROM "TaxLot" l WHERE l."investmentId" = i."id")`,
    },
    {
      // Check 2 of verify-tax-lot-migration.ts: in doubles, with its tolerance. It misses what differs by less, and everything beyond the 16th digit.
      id: 'lots-sum-to-holding-within-the-tolerance',
      from: LOTS,
      sql: `
        SELECT i."id", i."totalQuantity", SUM(l."remainingQuantity") AS "remaining"
        FROM "Investment" i LEFT JOIN "TaxLot" l ON l."investmentId" = i."id"
        GROUP BY i."id", i."totalQuantity"
        HAVING abs(COALESCE(SUM(l."remainingQuantity"::float8), 0) - i."totalQuantity"::float8) > 0.00000001
          AND i."totalQuantity" <> 'NaN'`,
    },
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
      // A lot that the script made is known by the form of its id.
      id: 'migrated-lot-keeps-basis-and-date',
      from: LOTS,
      until: LOTS,
      sql: `
        SELECT i."id", l."costBasisPerUnit", i."averageCostBasis", l."purchaseDate", i."createdAt"
        FROM "TaxLot" l JOIN "Investment" i ON i."id" = l."investmentId"
        WHERE l."id" ~ '^c[0-9a-f]{32}$'
          AND (l."costBasisPerUnit" IS DISTINCT FROM i."averageCostBasis" OR l."purchaseDate" IS DISTINCT FROM i."createdAt"::date)`,
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
      // The three counts of audit-data-constraints.ts. It looks at no lot.
      id: 'audit-finds-nothing',
      from: CONSTRAINTS,
      sql: `
        SELECT "id", "totalQuantity", "averageCostBasis", "currentPrice" FROM "Investment"
        WHERE "totalQuantity" <= 0 OR "averageCostBasis" < 0 OR "currentPrice" < 0`,
    },
  ],
  prepare: [
    // The tables of lots are empty before the script's first run.
    { from: MODELS, until: MODELS, sql: 'TRUNCATE "TaxLot", "SaleTransaction", "TaxLotAllocation"' },
  ],
  datasets: [investorPortfolios({ names: TRACK_YOUR_STACK })],
};
