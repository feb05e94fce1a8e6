/** What becomes of mutants, on both dialects, through the library and the command line. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { mutate, type MutantsReport, type UserConfig } from '../../harness/cli/library.ts';
import schema from '../../reports/mutants.schema.json' with { type: 'json' };
import { makeFolder, runCli } from '../cli/run-cli.ts';

const isReport = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false }).compile(
  schema,
);

const SET = {
  'm/1_items.up.sql': 'CREATE TABLE items (id INTEGER PRIMARY KEY, price INTEGER NOT NULL, fee INTEGER NOT NULL);\n',
  'm/1_items.down.sql': 'DROP TABLE items;\n',
  'm/2_total.up.sql':
    'ALTER TABLE items ADD COLUMN total INTEGER;\nUPDATE items SET total = COALESCE(price, 0) WHERE price >= 10;\n',
  'm/2_total.down.sql': 'ALTER TABLE items DROP COLUMN total;\n',
};
const INVARIANT: UserConfig = {
  invariants: [
    {
      id: 'total-is-the-price',
      from: '2',
      sql: 'SELECT id FROM items WHERE (price >= 10 AND (total IS NULL OR total <> price)) OR (price < 10 AND total IS NOT NULL)',
    },
  ],
};

/** Operator and place to status, of the second migration. */
function statuses(report: MutantsReport): Readonly<Record<string, string>> {
  const [set] = report.sets;
  const second = set!.migrations.find(({ id }) => id === '2')!;
  return Object.fromEntries(
    second.mutants.map(({ operator, direction, what, status }) => [`${direction} ${operator}: ${what}`, status]),
  );
}

/** A few of the properties: the rest would cost time and decide nothing here. */
const PROPERTIES = ['applies', 'rollback-restores', 'invariants-hold'] as const;
const OPTIONS = { paths: ['m'], seed: 5, cases: 6, max: 100, only: '2_*', property: PROPERTIES } as const;
const FLAGS = ['--dialect', 'sqlite', '--seed', '5', '--only', '2_*', '--property', PROPERTIES.join(), '--cases', '4'];

describe.each(['sqlite', 'postgres'] as const)('mutate on %s', (dialect) => {
  const provider = dialect === 'postgres' ? ({ provider: 'embedded' } as const) : {};

  it('should tell caught mutants, survivors and equivalents apart, and an invariant should catch more', async () => {
    await using folder = await makeFolder(SET);
    const options = { ...OPTIONS, ...provider, dialect, cwd: folder.path };
    const without = await mutate(options);
    const withInvariant = await mutate({ ...options, configuration: INVARIANT });
    const [plain, judged] = [statuses(without), statuses(withInvariant)];
    expect(plain['down drop-undo: leaves out ALTER TABLE items DROP COLUMN total']).toBe('killed');
    expect(plain['up drop-where: drops WHERE price >= 10']).toBe('survived');
    expect(judged['up drop-where: drops WHERE price >= 10']).toBe('killed');
    expect(plain['up lose-coalesce: takes price without its COALESCE']).toBe('equivalent');
    expect(judged['up lose-coalesce: takes price without its COALESCE']).toBe('equivalent');
    expect(plain['up drop-statement: leaves out ALTER TABLE items ADD COLUMN total INTEGER']).toBe('stillborn');
    expect(withInvariant.total.score!).toBeGreaterThan(without.total.score!);
    for (const report of [without, withInvariant]) {
      expect(isReport(report), JSON.stringify(isReport.errors)).toBe(true);
      const { taken, killed, survived, equivalent, stillborn, undecided, notRun } = report.total;
      expect(killed + survived + equivalent + stillborn + undecided + notRun).toBe(taken);
      expect(report.run.exitCode).toBe(0);
    }
    const survivor = without.sets[0]!.migrations[0]!.mutants.find(({ operator }) => operator === 'drop-where')!;
    expect(survivor.diff).toContain(
      '-UPDATE items SET total = COALESCE(price, 0) WHERE price >= 10;\n+UPDATE items SET total = COALESCE(price, 0);\n',
    );
    expect(survivor).toMatchObject({ file: 'm/2_total.up.sql', line: 2 });
    expect(survivor.advice).toContain('invariant');
  }, 240_000);
});

it('should give the same report for the same seed, however many run at once', async () => {
  await using folder = await makeFolder(SET);
  const options = { ...OPTIONS, dialect: 'sqlite', cwd: folder.path, cases: 3, max: 6 } as const;
  const [one, other] = [await mutate({ ...options, workers: 1 }), await mutate({ ...options, workers: 3 })];
  expect({ ...other, run: { ...other.run, durationMs: 0 } }).toEqual({ ...one, run: { ...one.run, durationMs: 0 } });
}, 120_000);

it('should leave out what the original itself falsifies, and say so', async () => {
  await using folder = await makeFolder({ ...SET, 'm/2_total.down.sql': 'SELECT 1;\n' });
  const { out, code } = await runCli(['mutate', 'm', ...FLAGS, '--max', '6'], folder.path);
  expect(code).toBe(0);
  expect(out).toContain('The originals themselves falsify these properties');
  expect(out).toMatch(/2_total {2}rollback-restores: /);
}, 120_000);

it('should fail only below the score that is asked for', async () => {
  await using folder = await makeFolder(SET);
  const args = ['mutate', 'm', ...FLAGS, '--max', '6', '--report', 'json=r.json'];
  const missed = await runCli([...args, '--min-score', '100'], folder.path);
  expect(missed.code).toBe(1);
  expect(missed.out).toContain('below the 100 % asked for');
  const report = JSON.parse(await readFile(path.join(folder.path, 'r.json'), 'utf8')) as MutantsReport;
  expect(isReport(report), JSON.stringify(isReport.errors)).toBe(true);
  expect(report.run).toMatchObject({ exitCode: 1, minScore: 100 });
  expect((await runCli([...args, '--min-score', '1'], folder.path)).code).toBe(0);
}, 120_000);

it('should refuse a folder that is not there as verify does', async () => {
  await using folder = await makeFolder();
  const { code, err } = await runCli(['mutate', 'nowhere'], folder.path);
  expect(code).toBe(2);
  expect(err).toContain('There is no folder nowhere.');
});

it('should report what was done when it is interrupted', async () => {
  await using folder = await makeFolder(SET);
  const stop = new AbortController();
  stop.abort();
  const report = await mutate({ ...OPTIONS, dialect: 'sqlite', cwd: folder.path, signal: stop.signal });
  expect(report.run).toMatchObject({ exitCode: 130, stoppedBecause: 'interrupted' });
  expect(report.total.notRun).toBe(report.total.taken);
  expect(isReport(report), JSON.stringify(isReport.errors)).toBe(true);
});

it('should not call a down equivalent that lost its refusal to drop rows that came after the up', async () => {
  await using folder = await makeFolder({
    'm/1_notes.up.sql': 'CREATE TABLE notes (id integer PRIMARY KEY, body text);\n',
    'm/1_notes.down.sql':
      "DO $$ BEGIN IF EXISTS (SELECT FROM notes) THEN RAISE EXCEPTION 'there are notes'; END IF; END $$;\nDROP TABLE notes;\n",
  });
  const report = await mutate({
    paths: ['m'],
    cwd: folder.path,
    dialect: 'postgres',
    provider: 'embedded',
    seed: 5,
    cases: 3,
    max: 100,
    property: ['applies', 'rollback-restores'],
  });
  const guard = report.sets[0]!.migrations[0]!.mutants.find(({ diff }) => diff.includes('-DO $$'));
  expect(guard).toMatchObject({ status: 'survived', operator: 'drop-undo' });
  expect(guard!.reason).toContain('the down completes where the original fails');
  expect(guard!.advice).toContain('irreversible');
}, 240_000);
