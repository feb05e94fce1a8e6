/** A user with one portfolio, and what users do with it: buy, sell, delete a sale. As an application of the document would write it. */
import type { Connection } from '../database.ts';

export const SET = 'track-your-stack';
export const DOCUMENTED = { set: SET, form: 'as-documented' } as const;
export const HARDENED = { set: SET, form: 'hardened' } as const;

/** The migrations up to the tables of lots, and the data migration, by part of their names. */
export const UNTIL_PHASE_1 = ['init', 'add_security_fields'] as const;

/** A holding as the MVP schema has it. Quantities and prices are exact text. */
export interface Holding {
  readonly id: string;
  readonly quantity: string;
  readonly costBasis?: string;
  readonly price?: string;
  readonly createdAt?: string;
}

/** Adds holdings to the one portfolio, which is made if it is missing. */
export async function addHoldings({ ask }: Connection, holdings: readonly Holding[]): Promise<void> {
  await ask(`
    INSERT INTO "User" ("id", "email") VALUES ('ann', 'ann@example.com') ON CONFLICT DO NOTHING;
    INSERT INTO "Portfolio" ("id", "name", "userId", "updatedAt") VALUES ('main', 'Main', 'ann', now()) ON CONFLICT DO NOTHING`);
  for (const { id, quantity, costBasis = '10', price = '12', createdAt = '2025-01-31 23:59:59.999' } of holdings)
    await ask(
      `INSERT INTO "Investment" ("id", "ticker", "name", "assetType", "totalQuantity", "averageCostBasis", "currentPrice",
         "portfolioId", "createdAt", "updatedAt")
       VALUES ($1, 'AAPL', 'Apple', 'STOCK', $2, $3, $4, 'main', $5, $5)`,
      [id, quantity, costBasis, price, createdAt],
    );
}

/** Sells `quantity` of a holding from its first lot: sale and allocation are written, lot and holding brought up to date. */
export async function sell({ ask }: Connection, holding: string, quantity: string): Promise<void> {
  await ask('BEGIN');
  const [lot] = await ask(`SELECT "id" FROM "TaxLot" WHERE "investmentId" = $1 ORDER BY "purchaseDate", "id" LIMIT 1`, [
    holding,
  ]);
  await ask(
    `INSERT INTO "SaleTransaction" ("id", "investmentId", "saleDate", "quantity", "salePricePerUnit")
     VALUES ('sale-' || $1, $1, '2025-06-30', $2, 20)`,
    [holding, quantity],
  );
  await ask(
    `INSERT INTO "TaxLotAllocation" ("id", "saleId", "taxLotId", "quantityAllocated") VALUES ('allocation-' || $1, 'sale-' || $1, $2, $3)`,
    [holding, lot?.['id'] ?? '', quantity],
  );
  await ask(
    `UPDATE "TaxLot" SET "remainingQuantity" = "remainingQuantity" - $2::numeric,
       "status" = (CASE WHEN "remainingQuantity" = $2::numeric THEN 'CLOSED' ELSE 'PARTIALLY_CLOSED' END)::"TaxLotStatus"
     WHERE "id" = $1`,
    [lot?.['id'] ?? '', quantity],
  );
  await ask(`UPDATE "Investment" SET "totalQuantity" = "totalQuantity" - $2::numeric WHERE "id" = $1`, [
    holding,
    quantity,
  ]);
  await ask('COMMIT');
}

/** A holding and the exact sum of what its lots have left. */
export interface Balance {
  readonly id: string;
  readonly holding: string;
  readonly lots: string | null;
}

/** Every holding whose lots do not sum to it, exactly. */
export async function findDisagreements({ ask }: Connection): Promise<readonly Balance[]> {
  return (await ask(`
    SELECT i."id", i."totalQuantity" AS "holding", SUM(l."remainingQuantity") AS "lots"
    FROM "Investment" i LEFT JOIN "TaxLot" l ON l."investmentId" = i."id"
    GROUP BY i."id" HAVING SUM(l."remainingQuantity") IS DISTINCT FROM i."totalQuantity"
    ORDER BY i."id"`)) as unknown as readonly Balance[];
}

/**
 * The second check of the document's verify-tax-lot-migration.ts, as it stands there: doubles, and a tolerance. Returns the ids that it refuses.
 */
export async function verifyAsDocumented({ ask }: Connection): Promise<readonly string[]> {
  const lots = await ask(`SELECT "investmentId", "remainingQuantity" FROM "TaxLot" ORDER BY "purchaseDate", "id"`);
  const investments = await ask(`SELECT "id", "totalQuantity" FROM "Investment" ORDER BY "id"`);
  return investments
    .filter(({ id, totalQuantity }) => {
      const total = lots
        .filter(({ investmentId }) => investmentId === id)
        .reduce((sum, lot) => sum + Number(lot['remainingQuantity']), 0);
      return Math.abs(total - Number(totalQuantity)) > 0.00000001;
    })
    .map(({ id }) => id ?? '');
}
