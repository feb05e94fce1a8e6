/** Lots, sales and holdings: what the document promises of them, done on a database of its own. */
import type { ClaimOutcome, Lab } from '../claim.ts';
import { applyDowns, applyUps, openDatabase, type Connection } from '../database.ts';
import { judgeResults } from '../from-report.ts';
import {
  addHoldings,
  DOCUMENTED,
  findDisagreements,
  HARDENED,
  sell,
  SET,
  UNTIL_PHASE_1,
  verifyAsDocumented,
} from './holdings.ts';

const PHASE_2 = ['add_tax_reporting_models', 'migrate_to_tax_lots'] as const;
const PHASE_4 = ['add_data_constraints'] as const;

/** Edges of `numeric(20, 8)`, and quantities of which no two are alike. */
const EDGES = [
  '0',
  '0.00000001',
  '999999999999.99999999',
  '123456789012.12345678',
  '0.1',
  '0.3',
  '-1.5',
  'NaN',
] as const;
const MANY = 1000;

/** One run of the data migration, on edges and on many holdings: the sums are compared as exact numerics. */
export async function judgeLotsEqualHoldings(lab: Lab): Promise<ClaimOutcome> {
  await using database = await openDatabase(lab);
  await applyUps(database, DOCUMENTED, UNTIL_PHASE_1);
  await addHoldings(
    database,
    EDGES.map((quantity, index) => ({ id: `edge-${index}`, quantity })),
  );
  await database.ask(`
    INSERT INTO "Investment" ("id", "ticker", "name", "assetType", "totalQuantity", "averageCostBasis", "portfolioId", "updatedAt")
    SELECT 'many-' || n, 'T' || n, 'Many', 'ETF', (n * 987654321.12345679) % 999999999, n / 7.0, 'main', now()
    FROM generate_series(1, ${MANY}) AS n`);
  await applyUps(database, DOCUMENTED, PHASE_2);
  const [wrong] = await findDisagreements(database);
  if (wrong !== undefined) return falsified(`holding ${wrong.id} is ${wrong.holding}, its lots sum to ${wrong.lots}`);
  const [sums] = await database.ask(`
    SELECT count(*) AS "count", SUM(l."remainingQuantity") AS "lots" FROM "TaxLot" l JOIN "Investment" i ON i."id" = l."investmentId"
    WHERE i."totalQuantity" <> 'NaN'`);
  return held(
    `after one run the lots of ${sums?.['count']} holdings sum to ${sums?.['lots']}, each holding to its own lots, no digit off; NaN to NaN`,
  );
}

/** The document's own verification over real rows: what it accepts and exact sums refuse, and the reverse. */
export async function judgeVerification(lab: Lab): Promise<ClaimOutcome> {
  await using database = await openDatabase(lab);
  await applyUps(database, DOCUMENTED, UNTIL_PHASE_1);
  await addHoldings(database, [
    { id: 'one-off', quantity: '900000000000.00000001' },
    { id: 'small-lots', quantity: '500000000000.10000000' },
  ]);
  await applyUps(database, DOCUMENTED, PHASE_2);
  // A lot that is one unit short, and four small purchases that are entered as they should be.
  await database.ask(`
    UPDATE "TaxLot" SET "remainingQuantity" = 900000000000.00000000 WHERE "investmentId" = 'one-off';
    INSERT INTO "TaxLot" ("id", "investmentId", "purchaseDate", "quantity", "costBasisPerUnit", "remainingQuantity", "updatedAt")
    SELECT 'lot-' || n, 'small-lots', '2025-12-01', 0.00003, 1, 0.00003, now() FROM generate_series(1, 4) AS n;
    UPDATE "Investment" SET "totalQuantity" = 500000000000.10012 WHERE "id" = 'small-lots'`);
  const wrong = await findDisagreements(database);
  const refused = await verifyAsDocumented(database);
  const missed = wrong.find(({ id }) => !refused.includes(id));
  const slandered = refused.find((id) => wrong.every((balance) => balance.id !== id));
  if (missed === undefined && slandered === undefined)
    return held(`it refuses exactly the ${wrong.length} holdings that do not equal their lots`);
  const words = [
    missed === undefined ? null : `it accepts holding ${missed.holding} with lots of ${missed.lots}`,
    slandered === undefined
      ? null
      : `it refuses 500000000000.10012 held as lots of 500000000000.1 and four of 0.00003, which is right`,
  ];
  return falsified(words.filter((word) => word !== null).join('; '));
}

/** A position is sold completely, then phase 4 fixes up what it takes for wrong. */
export async function judgeFixUpsAgree(lab: Lab): Promise<ClaimOutcome> {
  await using database = await openDatabase(lab);
  await applyUps(database, DOCUMENTED, UNTIL_PHASE_1);
  await addHoldings(database, [{ id: 'sold', quantity: '10' }]);
  await applyUps(database, DOCUMENTED, PHASE_2);
  await sell(database, 'sold', '10');
  await applyUps(database, DOCUMENTED, PHASE_4);
  const [wrong] = await findDisagreements(database);
  if (wrong === undefined) return held('a position sold completely still equals its lots after the fix-ups');
  const isAccepted = (await verifyAsDocumented(database)).length === 0;
  const aside = isAccepted ? "; the document's verification accepts that" : '';
  const { replay } = judgeResults(await lab.verify(SET, 'as-documented'), [
    { property: 'invariants-hold', clause: 'lots-sum-to-holding', migration: 'add_data_constraints' },
  ]);
  return {
    verdict: 'falsified',
    evidence: `10 bought, 10 sold: the holding becomes ${wrong.holding}, its lots sum to ${wrong.lots}${aside}`,
    replay,
  };
}

/** With phase 4 in place, somebody sells all they have. */
export async function judgeSoldPositionIsLegal(lab: Lab): Promise<ClaimOutcome> {
  const documented = await sellEverything(lab, DOCUMENTED);
  const hardened = await sellEverything(lab, HARDENED);
  if (documented === null) return held('after phase 4, 10 of 10 can be sold');
  const other = hardened === null ? 'the hardened form takes it' : `the hardened form says: ${hardened}`;
  return falsified(`selling 10 of 10 after phase 4: ${documented}; ${other}`);
}

async function sellEverything(lab: Lab, form: typeof DOCUMENTED | typeof HARDENED): Promise<string | null> {
  await using database = await openDatabase(lab);
  await applyUps(database, form, UNTIL_PHASE_1);
  await addHoldings(database, [{ id: 'sold', quantity: '10' }]);
  await applyUps(database, form, form === DOCUMENTED ? PHASE_2 : ['add_tax_reporting_models']);
  await applyUps(database, form, PHASE_4);
  return await sell(database, 'sold', '10').then(
    () => null,
    (fault: unknown) => (fault as Error).message,
  );
}

/** A sale is entered by mistake and deleted. */
export async function judgeDeletedSale(lab: Lab): Promise<ClaimOutcome> {
  const documented = await deleteSale(lab, DOCUMENTED);
  const hardened = await deleteSale(lab, HARDENED);
  const words = `of a lot of 10, 4 were sold and the sale deleted: ${documented.words}`;
  if (documented.isBack) return held(words);
  return falsified(`${words}; in the hardened form ${hardened.words}`);
}

async function deleteSale(
  lab: Lab,
  form: typeof DOCUMENTED | typeof HARDENED,
): Promise<{ readonly isBack: boolean; readonly words: string }> {
  await using database = await openDatabase(lab);
  await applyUps(database, form, UNTIL_PHASE_1);
  await addHoldings(database, [{ id: 'kept', quantity: '10' }]);
  await applyUps(database, form, form === DOCUMENTED ? PHASE_2 : ['add_tax_reporting_models']);
  await sell(database, 'kept', '4');
  await database.ask(`DELETE FROM "SaleTransaction" WHERE "id" = 'sale-kept'`);
  const [after] = await database.ask(`
    SELECT l."remainingQuantity" AS "remaining", l."status", i."totalQuantity" AS "holding"
    FROM "TaxLot" l JOIN "Investment" i ON i."id" = l."investmentId"
    WHERE NOT EXISTS (SELECT FROM "TaxLotAllocation")`);
  return {
    isBack: after?.['remaining'] === '10.00000000' && after['holding'] === '10.00000000' && after['status'] === 'OPEN',
    words: `the lot has ${after?.['remaining']} and is ${after?.['status']}, the holding is ${after?.['holding']}`,
  };
}

const KEPT = ['Investment', 'TaxLot', 'SaleTransaction', 'TaxLotAllocation'] as const;

/** Phase 2 is rolled back as the document says for a database with sales, and every row is compared. */
export async function judgeRollbackAfterSales(lab: Lab): Promise<ClaimOutcome> {
  await using database = await openDatabase(lab);
  await applyUps(database, DOCUMENTED, UNTIL_PHASE_1);
  await addHoldings(database, [
    { id: 'part', quantity: '10.00000001' },
    { id: 'whole', quantity: '3' },
  ]);
  await applyUps(database, DOCUMENTED, PHASE_2);
  await sell(database, 'part', '4');
  await sell(database, 'whole', '3');
  const before = await readRows(database);
  await applyDowns(database, DOCUMENTED, ['add_tax_reporting_models']);
  const after = await readRows(database);
  const lost = before.find((row) => !after.includes(row));
  if (lost !== undefined) return falsified(`after the rollback this row is gone or changed: ${lost}`);
  // What is kept has to stay kept while people go on working with the old version.
  await database.ask(`DELETE FROM "Investment" WHERE "id" = 'whole'`);
  const orphans = (await readRows(database)).filter((row) => row.startsWith('TaxLot') || row.startsWith('Sale'));
  const [left] = await database.ask(`SELECT count(*) AS "count" FROM "SaleTransaction"`);
  return held(
    `all ${before.length} rows of ${KEPT.length} tables are as they were, 2 sales among them; ${left?.['count']} sales and ${orphans.length} rows of lots and sales even after their investment is deleted`,
  );
}

async function readRows({ ask }: Connection): Promise<readonly string[]> {
  const rows: string[] = [];
  for (const table of KEPT)
    for (const { row } of await ask(`SELECT t::text AS "row" FROM "${table}" t`)) rows.push(`${table} ${row}`);
  return rows.toSorted();
}

function held(evidence: string): ClaimOutcome {
  return { verdict: 'held', evidence, replay: null };
}

function falsified(evidence: string): ClaimOutcome {
  return { verdict: 'falsified', evidence, replay: null };
}
