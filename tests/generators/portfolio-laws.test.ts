/** The laws of an investor's books: every one holds on generated portfolios, and every one can be broken by one statement. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatasetSource } from '../../generators/dataset-source.ts';
import { investorPortfolios } from '../../generators/portfolios/investor-portfolios.ts';
import type { InvestorNames } from '../../generators/portfolios/investor-fields.ts';
import { portfolioConservation, portfolioInvariants } from '../../generators/portfolios/portfolio-laws.ts';
import { TRACK_YOUR_STACK } from '../../generators/portfolios/track-your-stack.ts';
import type { Cluster, Database } from '../../harness/core/dialect.ts';
import { openDialect } from './support.ts';

const SET = new URL('../../migrations/reference/track-your-stack/hardened/', import.meta.url);
const PHASES = ['20251012090000_init', '20251116090000_add_tax_reporting_models'];

const invariants = portfolioInvariants({ names: TRACK_YOUR_STACK, from: '0002' });
const conserved = portfolioConservation({ names: TRACK_YOUR_STACK, lotsMadeBy: '0002', lotsFrom: '0003' });

/** One statement that breaks each law, and no constraint. */
const BREAKS: Readonly<Record<string, string>> = {
  'lots-sum-to-holding': `UPDATE "Investment" SET "totalQuantity" = "totalQuantity" - 0.00000001 WHERE "id" = (SELECT max("id") FROM "Investment")`,
  'every-holding-has-lots': `DELETE FROM "TaxLot" WHERE "investmentId" = (SELECT max("id") FROM "Investment")`,
  'every-lot-has-a-holding': `ALTER TABLE "TaxLot" DROP CONSTRAINT "TaxLot_investmentId_fkey"; UPDATE "TaxLot" SET "investmentId" = 'nobody' WHERE "id" = (SELECT max("id") FROM "TaxLot")`,
  'lot-remaining-is-quantity-less-allocations': `UPDATE "TaxLot" SET "remainingQuantity" = "remainingQuantity" + 0.00000001 WHERE "id" = (SELECT min("id") FROM "TaxLot" WHERE "remainingQuantity" < 1000)`,
  'lot-remaining-is-within-its-quantity': `UPDATE "TaxLot" SET "remainingQuantity" = -0.00000001 WHERE "id" = (SELECT max("id") FROM "TaxLot")`,
  'lot-status-agrees-with-remaining': `UPDATE "TaxLot" SET "status" = CASE WHEN "status" = 'OPEN' THEN 'CLOSED' ELSE 'OPEN' END::"TaxLotStatus" WHERE "id" = (SELECT max("id") FROM "TaxLot")`,
  'allocations-sum-to-their-sale': `UPDATE "TaxLotAllocation" SET "quantityAllocated" = "quantityAllocated" + 0.00000001 WHERE "id" = (SELECT max("id") FROM "TaxLotAllocation")`,
  'sales-take-from-lots-of-their-holding': `UPDATE "SaleTransaction" SET "investmentId" = (SELECT max("id") FROM "Investment" i WHERE i."id" <> "SaleTransaction"."investmentId") WHERE "id" = (SELECT max("id") FROM "SaleTransaction")`,
  'holdings-are-conserved': `UPDATE "Investment" SET "averageCostBasis" = "averageCostBasis" + 0.00000001 WHERE "totalQuantity" > 0`,
  'holdings-by-portfolio-are-conserved': `DELETE FROM "Investment" WHERE "id" = (SELECT max("id") FROM "Investment")`,
  'lots-are-conserved': `UPDATE "TaxLot" SET "purchaseDate" = "purchaseDate" + 1 WHERE "id" = (SELECT max("id") FROM "TaxLot")`,
  'lots-are-made-of-holdings': `UPDATE "TaxLot" SET "costBasisPerUnit" = "costBasisPerUnit" + 0.00000001 WHERE "id" = (SELECT max("id") FROM "TaxLot" WHERE "remainingQuantity" > 0)`,
}; // prettier-ignore

let cluster: Cluster;
let close: () => Promise<void>;
let database: Database;

beforeAll(async () => {
  ({ cluster, close } = await openDialect('postgres'));
  database = await cluster.create();
  for (const phase of PHASES) await database.run(readFileSync(new URL(`${phase}/migration.sql`, SET), 'utf8'));
  const model = await database.introspect();
  const source = await createDatasetSource({
    datasets: [investorPortfolios({ names: TRACK_YOUR_STACK, exactly: 12n, allowsOddities: () => false })],
  });
  const { refused } = await database.load(
    source.generate({ model, seed: 1, index: 4, focus: null, literals: [] }),
    model,
  );
  if (refused.length > 0) throw new Error(refused[0]?.fault.message);
});

afterAll(async () => {
  await database?.[Symbol.asyncDispose]();
  await close?.();
});

/** What a query returns after statements that are rolled back by a savepoint of a function, so that laws do not meet. */
async function rowsAfter(breaking: string | null, sql: string): Promise<readonly (readonly (string | null)[])[]> {
  const before = await database.capture({ maxRowsPerTable: 0, projections: [] });
  if (breaking !== null) await database.run(`CREATE SCHEMA kept; ${KEEP}`);
  try {
    if (breaking !== null) await database.run(breaking);
    const found = await database.query(sql, 10_000, 10_000);
    if (found.status === 'failed') throw new Error(found.fault.message);
    return found.rows.map((row) => row).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  } finally {
    if (breaking !== null) await database.run(`${RESTORE}; DROP SCHEMA kept CASCADE`);
    const after = await database.capture({ maxRowsPerTable: 0, projections: [] });
    expect([...after.tables.values()].map(({ digest }) => digest)).toEqual(
      [...before.tables.values()].map(({ digest }) => digest),
    );
  }
}

const TABLES = ['Investment', 'TaxLot', 'SaleTransaction', 'TaxLotAllocation'];
const KEEP = TABLES.map((table) => `CREATE TABLE kept."${table}" AS SELECT * FROM public."${table}"`).join('; ');
const RESTORE = `TRUNCATE ${TABLES.map((table) => `public."${table}"`).join(', ')}; ${TABLES.map(
  (table) => `INSERT INTO public."${table}" SELECT * FROM kept."${table}"`,
).join('; ')}`;

describe('portfolioInvariants', () => {
  it('should have a statement that breaks each', () => {
    expect([...invariants, ...conserved].map(({ id }) => id).toSorted()).toEqual(Object.keys(BREAKS).toSorted());
  });

  it.each(invariants.map(({ id, sql }) => ({ id, sql })))('should hold, and be broken: $id', async ({ id, sql }) => {
    expect(await rowsAfter(null, sql)).toEqual([]);
    expect((await rowsAfter(BREAKS[id] ?? '', sql)).length).toBeGreaterThan(0);
  });

  it.each(conserved.map(({ id, sql, after }) => ({ id, sql: after ?? sql })))(
    'should notice what is not conserved: $id',
    async ({ id, sql }) => {
      const before = await rowsAfter(null, sql);
      expect(before.length).toBeGreaterThan(0);
      expect(await rowsAfter(BREAKS[id] ?? '', sql)).not.toEqual(before);
    },
  );

  it('should give its span, and leave out laws whose fields have no name', () => {
    expect(new Set(invariants.map(({ from }) => from))).toEqual(new Set(['0002']));
    const names: InvestorNames = {
      holding: { table: 'main.holdings', columns: { id: 'id', quantity: 'qty' } },
      lot: { table: 'tax"lots', columns: { id: 'id', holding: 'holding', remaining: 'open' } },
    };
    const few = portfolioInvariants({ names });
    expect(few.map(({ id }) => id)).toEqual([
      'lots-sum-to-holding',
      'every-holding-has-lots',
      'every-lot-has-a-holding',
    ]);
    expect(few[0]?.sql).toContain('"main"."holdings"');
    expect(few[0]?.sql).toContain('"tax""lots"');
    expect(portfolioConservation({ names, lotsMadeBy: '2', lotsFrom: '3' })).toEqual([]);
  });

  it('should speak SQLite as well', async () => {
    const lite = await openDialect('sqlite');
    try {
      await using small = await lite.cluster.create();
      for (const { table, columns } of Object.values(TRACK_YOUR_STACK).filter((own) => own !== undefined))
        await small.run(
          `CREATE TABLE "${table}" (${Object.values(columns)
            .map((name) => `"${name}"`)
            .join(', ')})`,
        );
      await small.run(`INSERT INTO "Investment" ("id", "totalQuantity") VALUES ('i', 3);
        INSERT INTO "TaxLot" ("id", "investmentId", "remainingQuantity") VALUES ('l', 'i', 2)`);
      const answers = new Map<string, unknown>();
      for (const { id, sql } of [...invariants, ...conserved]) {
        const found = await small.query(sql, 10, 5_000);
        answers.set(id, found.status === 'rows' ? found.rows : found.fault.message);
      }
      expect([...answers].filter(([, answer]) => !Array.isArray(answer))).toEqual([]);
      expect(answers.get('lots-sum-to-holding')).toEqual([["'i'", '3', '2']]);
    } finally {
      await lite.close();
    }
  });
});
