/**
 * The data migration of track-your-stack with a mistake planted into it, one at a time: each must be caught within a hundred cases, by the property and
 * clause that it breaks, and shown by the smallest portfolio that can show it. The original holds.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verify } from '../../harness/cli/library.ts';
import type { PropertyId } from '../../harness/core/property.ts';
import type { Report, ReportResult } from '../../harness/core/report.ts';

const SET = join(import.meta.dirname, '../../migrations/reference/track-your-stack');
const LOTS = '20251116090000_add_tax_reporting_models';
const DIVIDENDS = '20251130090000_add_dividend_corporate_action';

/** What the script checks itself is taken out: the harness has to notice, not the migration. */
const OWN_CHECK = /-- Verification: the migration ends here[\s\S]*$/;
const ONLY_WHERE_NONE = 'WHERE NOT EXISTS (SELECT FROM "TaxLot" l WHERE l."investmentId" = i."id");';
const DERIVED_ID = `'lot_' || i."id",`;

interface Variation {
  readonly name: string;
  readonly migration: string;
  readonly edits: readonly (readonly [from: string | RegExp, to: string])[];
  readonly property: PropertyId;
  readonly clause: string;
  readonly object: string;
  /** Rows by table of the smallest dataset that shows it. */
  readonly rows: Readonly<Record<string, number>>;
}

const ONE_HOLDING = { User: 1, Portfolio: 1, Investment: 1 };

const VARIATIONS: readonly Variation[] = [
  {
    name: 'one lot per holding too many',
    migration: LOTS,
    edits: [
      [DERIVED_ID, `'lot_' || i."id" || '_' || n,`],
      [
        `FROM "Investment" i\n${ONLY_WHERE_NONE}`,
        `FROM "Investment" i, generate_series(1, 2) AS g (n)\n${ONLY_WHERE_NONE}`,
      ],
    ],
    property: 'invariants-hold',
    clause: 'lots-sum-to-holding',
    object: 'lots-sum-to-holding',
    rows: ONE_HOLDING,
  },
  {
    name: 'rounding',
    migration: LOTS,
    edits: [[/i\."totalQuantity",/g, 'round(i."totalQuantity", 4),']],
    property: 'invariants-hold',
    clause: 'lots-sum-to-holding',
    object: 'lots-sum-to-holding',
    rows: ONE_HOLDING,
  },
  {
    name: 'dropped microseconds',
    migration: LOTS,
    edits: [
      [
        `i."createdAt",\n    i."updatedAt"\n`,
        `date_trunc('second', i."createdAt"),\n    date_trunc('second', i."updatedAt")\n`,
      ],
    ],
    property: 'invariants-hold',
    clause: 'conserved',
    object: 'lots-have-the-moments-of-their-holdings',
    rows: ONE_HOLDING,
  },
  {
    name: 'skipped zero positions',
    migration: LOTS,
    edits: [[ONLY_WHERE_NONE, ONLY_WHERE_NONE.replace(';', ` AND i."totalQuantity" <> 0;`)]],
    property: 'invariants-hold',
    clause: 'every-investment-has-lots',
    object: 'every-investment-has-lots',
    rows: ONE_HOLDING,
  },
  {
    name: 'only the first lot copied',
    migration: LOTS,
    edits: [
      [`SELECT\n    ${DERIVED_ID}`, `SELECT DISTINCT ON (i."portfolioId")\n    ${DERIVED_ID}`],
      [ONLY_WHERE_NONE, ONLY_WHERE_NONE.replace(';', ' ORDER BY i."portfolioId", i."createdAt", i."id";')],
    ],
    property: 'invariants-hold',
    clause: 'every-investment-has-lots',
    object: 'every-investment-has-lots',
    rows: { ...ONE_HOLDING, Investment: 2 },
  },
  {
    name: 'only the first lot of a holding kept',
    migration: DIVIDENDS,
    edits: [
      [
        /$/,
        `\nDELETE FROM "TaxLot" l WHERE EXISTS (\n  SELECT FROM "TaxLot" o WHERE o."investmentId" = l."investmentId" AND o."id" < l."id"\n);\n`,
      ],
    ],
    property: 'invariants-hold',
    clause: 'conserved',
    object: 'lots-are-conserved',
    rows: { ...ONE_HOLDING, TaxLot: 2 },
  },
  {
    name: 'run twice',
    migration: LOTS,
    edits: [
      [DERIVED_ID, `'lot_' || i."id" || CASE WHEN EXISTS (SELECT FROM "TaxLot") THEN '_again' ELSE '' END,`],
      [ONLY_WHERE_NONE, ';'],
    ],
    property: 'rerun-idempotent',
    clause: 'silent-change',
    object: 'public."TaxLot"',
    rows: ONE_HOLDING,
  },
  {
    name: 'run twice (the sums)',
    migration: LOTS,
    edits: [
      [DERIVED_ID, `'lot_' || i."id" || CASE WHEN EXISTS (SELECT FROM "TaxLot") THEN '_again' ELSE '' END,`],
      [ONLY_WHERE_NONE, ';'],
    ],
    property: 'invariants-hold',
    clause: 'lots-sum-to-holding',
    object: 'lots-sum-to-holding',
    rows: ONE_HOLDING,
  },
];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palindrome-planted-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Copies the set with the edits in it. Throws where one no longer applies: then it would plant nothing. */
async function plant(name: string, migration: string, edits: Variation['edits']): Promise<string> {
  const copy = name.replaceAll(/\W+/g, '-');
  const own = join(copy, 'hardened');
  await cp(SET, join(folder, copy), { recursive: true });
  const file = join(folder, own, migration, 'migration.sql');
  const original = await readFile(file, 'utf8');
  let text = migration === LOTS ? edit(name, original, [OWN_CHECK, '']) : original;
  for (const each of edits) text = edit(name, text, each);
  await writeFile(file, text);
  return own;
}

function edit(name: string, text: string, [from, to]: Variation['edits'][number]): string {
  const edited = text.replace(from, to);
  if (edited === text) throw new Error(`"${name}" no longer applies: ${String(from)} is not in the script`);
  return edited;
}

function judge(own: string, migration: string, property: readonly PropertyId[]): Promise<Report> {
  return verify({
    paths: [own],
    cwd: folder,
    cases: 100,
    seed: 20_261_120,
    provider: 'embedded',
    only: migration,
    property,
    store: join(folder, 'store'),
  });
}

function resultsOf(report: Report): readonly ReportResult[] {
  return report.sets.flatMap(({ migrations }) => migrations.flatMap(({ results }) => results));
}

describe('the data migration of track-your-stack', () => {
  it.each([LOTS, DIVIDENDS])(
    'should hold as it is: %s',
    async (migration) => {
      const own = await plant(`original ${migration}`, migration, []);
      const results = resultsOf(await judge(own, migration, ['applies', 'rerun-idempotent', 'invariants-hold']));
      expect(
        results.map(({ property, verdict, reason }) => [property, verdict, verdict === 'held' ? '' : reason]),
      ).toEqual([
        ['applies', 'held', ''],
        ['rerun-idempotent', 'held', ''],
        ['invariants-hold', 'held', ''],
      ]);
      expect(results.map(({ cases }) => cases)).toEqual([100, 100, 100]);
    },
    300_000,
  );

  it.each(VARIATIONS)(
    'should be caught: $name ($property/$clause)',
    async ({ name, migration, edits, property, clause, object, rows }) => {
      const results = resultsOf(await judge(await plant(name, migration, edits), migration, [property]));
      const caught = results.find((result) => result.property === property && result.clause === clause);
      expect(
        caught?.verdict,
        JSON.stringify(results.map((result) => [result.property, result.clause, result.reason])),
      ).toBe('falsified');
      expect(caught?.counterexample?.finding.object).toBe(object);
      const left =
        caught?.counterexample?.dataset.tables.map((table) => [
          table.table.replaceAll(/public\.|"/g, ''),
          table.rows.length,
        ]) ?? [];
      expect(Object.fromEntries(left)).toEqual(rows);
    },
    300_000,
  );

  it('should refuse to plant what no longer applies', async () => {
    await expect(plant('nothing', LOTS, [['NO SUCH TEXT', '']])).rejects.toThrow(/no longer applies/);
  });
});
