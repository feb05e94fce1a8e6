/** The scenario `populated` on real databases: tables that are hard to fill, replay, and queries that are wrong. */
import { expect, test } from 'vitest';
import type { UserConfig } from '../../harness/config/define-config.ts';
import type { Report, ReportResult } from '../../harness/core/report.ts';
import { makeFolder, runCli } from '../cli/run-cli.ts';

const FLAGS = ['--seed', '7', '--cases', '6', '--provider', 'embedded', '--property', 'index-used'];
type Query = NonNullable<UserConfig['queries']>[number];

async function judge(scripts: Readonly<Record<string, string>>, query: Query) {
  const files = Object.entries(scripts).map(([name, text]) => [`migrations/${name}.up.sql`, text] as const);
  const downs = Object.keys(scripts).map((name) => [`migrations/${name}.down.sql`, 'SELECT 1;\n'] as const);
  const config = ['migrations/palindrome.config.json', JSON.stringify({ queries: [query] })] as const;
  const folder = await makeFolder(Object.fromEntries([...files, ...downs, config]));
  const run = await runCli(['verify', 'migrations', ...FLAGS, '--report', 'json'], folder.path);
  const results = (): readonly ReportResult[] =>
    (JSON.parse(run.out) as Report).sets.flatMap((set) => set.migrations.flatMap((migration) => migration.results));
  return { folder, run, last: () => results().at(-1) };
}

const FUNDS = '-- palindrome: dialect postgres\nCREATE TABLE funds (id uuid PRIMARY KEY, name text NOT NULL);\n';
const LOTS = (index: string): string => `CREATE TABLE lots (
    fund_id uuid NOT NULL REFERENCES funds (id), symbol varchar(12) NOT NULL CHECK (symbol <> ''),
    bought_at timestamptz NOT NULL, quantity numeric(20, 8) NOT NULL CHECK (quantity > 0),
    side text NOT NULL CHECK (side IN ('LONG', 'SHORT')), PRIMARY KEY (fund_id, symbol, bought_at));
  CREATE INDEX lots_cursor_idx ON lots ${index};\n`;
const PAGE: Query = {
  id: 'lots-page',
  from: '2',
  sql: 'SELECT * FROM lots WHERE fund_id = $1 AND side = $2 ORDER BY bought_at DESC LIMIT 20',
  params: ['(SELECT min(fund_id::text)::uuid FROM lots)', "'LONG'"],
  index: 'lots_cursor_idx',
};

test('should populate a new table with a parent, checks and a key of several columns', async () => {
  const { folder, last } = await judge({ '1_funds': FUNDS, '2_lots': LOTS('(fund_id, side, bought_at DESC)') }, PAGE);
  await using _ = folder;
  expect(last()).toMatchObject({ verdict: 'held', cases: 4 });
}, 120_000);

test('should fail again when its counterexample is replayed, and be fixed once the index serves', async () => {
  const bad = { '1_funds': FUNDS, '2_lots': LOTS('(quantity, side)') };
  const { folder, last } = await judge(bad, PAGE);
  await using _ = folder;
  const id = last()?.counterexample?.id ?? '';
  expect(last()).toMatchObject({ verdict: 'falsified', clause: 'unused' });
  const again = await runCli(['replay', id, '--provider', 'embedded'], folder.path);
  expect(again.out).toContain('still fails');
  expect(again.code).toBe(1);
  const { writeFile } = await import('node:fs/promises');
  await writeFile(`${folder.path}/migrations/2_lots.up.sql`, LOTS('(fund_id, side, bought_at DESC)'));
  const fixed = await runCli(['replay', id, '--provider', 'embedded'], folder.path);
  expect(fixed.out).toContain('fixed');
  expect(fixed.code).toBe(0);
}, 240_000);

test('should be inconclusive where the table of the index cannot be filled, and say why', async () => {
  const one = `-- palindrome: dialect postgres
CREATE TABLE settings (id boolean PRIMARY KEY CHECK (id), name text NOT NULL);
CREATE INDEX settings_name_idx ON settings (name);\n`;
  const query = {
    id: 'by-name',
    sql: 'SELECT * FROM settings WHERE name = $1',
    params: ["'a'"],
    index: 'settings_name_idx',
  };
  const { folder, last, run } = await judge({ '1_settings': one }, query);
  await using _ = folder;
  expect(last()).toMatchObject({
    verdict: 'inconclusive',
    reason: expect.stringContaining('public.settings could not be populated'),
  });
  expect(run.code).toBe(4);
}, 120_000);

const ONE_TABLE = '-- palindrome: dialect sqlite\nCREATE TABLE t (a INTEGER);\nCREATE INDEX t_a ON t (a);\n';

test('should refuse a query that fails', async () => {
  const { folder, run } = await judge(
    { '1_t': ONE_TABLE },
    { id: 'q', sql: 'SELECT b FROM t WHERE a = ?', index: 't_a' },
  );
  await using _ = folder;
  expect(run).toMatchObject({ code: 2, err: expect.stringContaining('The query "q" fails: no such column: b') });
}, 60_000);

test('should refuse a ratio of costs where there are none to be had', async () => {
  const query = { id: 'q', sql: 'SELECT a FROM t WHERE a = ?', index: 't_a', maxCostRatio: 2 };
  const { folder, run } = await judge({ '1_t': ONE_TABLE }, query);
  await using _ = folder;
  expect(run).toMatchObject({ code: 2, err: expect.stringContaining('SQLite estimates no costs') });
}, 60_000);
