/**
 * `npm run measure:portfolios`: ten thousand generated portfolios through every phase of track-your-stack and back, in batches; `-- --portfolios 500` for
 * fewer, `-- --seed 7` for others, `-- --set <folder>` for a copy of the set. Each batch goes twice: holdings alone from the MVP schema through all phases and back, and with lots, sales and
 * allocations from phase 2 on. After each script every law of the books is asked, and holdings and lots are compared as text with what was
 * generated: no tolerance. Ends with 1 where anything differs.
 */
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createDatasetSource } from '../generators/dataset-source.ts';
import {
  investorPortfolios,
  portfolioConservation,
  portfolioInvariants,
  TRACK_YOUR_STACK,
} from '../generators/portfolios/portfolios.ts';
import { openServerPool } from '../harness/cli/server-pool.ts';
import type { DatasetSource } from '../harness/core/case.ts';
import type { Dataset } from '../harness/core/dataset.ts';
import type { Cluster, Database, Template } from '../harness/core/dialect.ts';
import type { Migration, MigrationSet, Script } from '../harness/core/migration.ts';
import type { SchemaModel } from '../harness/core/schema.ts';
import { postgresDialect } from '../harness/dialects/postgres/dialect.ts';
import { readSet } from '../harness/layouts/read-set.ts';

const SET = 'migrations/reference/track-your-stack/hardened';
const ROOT = path.join(import.meta.dirname, '..');
const INVESTORS_IN_A_BATCH = 60n;
const LIMITS = { statementMs: 60_000, scriptMs: 120_000 };
const MOST_ROWS = 100_000;

/** A state from which batches start. */
interface Start {
  readonly applied: number;
  readonly template: Template;
  readonly model: SchemaModel;
  readonly source: DatasetSource;
}

interface Totals {
  readonly rows: Map<string, number>;
  readonly faults: string[];
  /** Laws asked, and comparisons made. */
  checks: number;
}

const invariants = portfolioInvariants({ names: TRACK_YOUR_STACK });
const [, , LOTS] = portfolioConservation({ names: TRACK_YOUR_STACK, lotsFrom: '-' });
const HOLDINGS = 'SELECT "id", "portfolioId", "totalQuantity", "averageCostBasis", "createdAt" FROM "Investment"';

/** A script that did not complete: a fault of the batch, after which it cannot go on. */
class ScriptFailed extends Error {}

async function readMigrations(shownAs: string): Promise<MigrationSet> {
  const folder = path.resolve(ROOT, shownAs);
  return readSet({ folder, shownAs, layout: 'prisma', dialect: 'postgres', environment: {} });
}

async function execute(database: Database, script: Script): Promise<void> {
  const outcome = await database.execute(script, LIMITS);
  if (outcome.status === 'completed') return;
  throw new ScriptFailed(
    `${script.file}: ${outcome.status === 'failed' ? outcome.fault.message : 'it did not end in time'}`,
  );
}

async function startAfter(cluster: Cluster, migrations: readonly Migration[], applied: number): Promise<Start> {
  const database = await cluster.create();
  for (const { up } of migrations.slice(0, applied)) await execute(database, up);
  const model = await database.introspect();
  const datasets = [
    investorPortfolios({ names: TRACK_YOUR_STACK, exactly: INVESTORS_IN_A_BATCH, allowsOddities: () => false }),
  ];
  const source = await createDatasetSource({ datasets });
  return { applied, template: await cluster.freeze(database, `portfolios-${applied}`), model, source };
}

/** What a query gives, as text, in an order that does not depend on the database. */
async function ask(database: Database, sql: string): Promise<readonly string[]> {
  const found = await database.query(sql, MOST_ROWS, LIMITS.statementMs);
  if (found.status === 'failed') throw new Error(`${found.fault.message}\n${sql}`);
  return found.rows.map((row) => JSON.stringify(row)).toSorted();
}

/** The generated cells of a query's columns, in the same form. */
function generated(dataset: Dataset, table: string, columns: readonly string[]): readonly string[] {
  const found = dataset.tables.find((entry) => entry.table === `public."${table}"`);
  const places = columns.map((name) => found?.columns.indexOf(name) ?? -1);
  return (found?.rows ?? []).map((row) => JSON.stringify(places.map((at) => withoutZeros(row[at] ?? null)))).toSorted();
}

/** Zeros at the end of a second's fraction, which PostgreSQL does not print. */
function withoutZeros(cell: string | null): string | null {
  return cell !== null && cell.includes(':') && cell.includes('.') ? cell.replace(/\.?0+$/, '') : cell;
}

async function checkState(
  database: Database,
  where: string,
  hasLots: boolean,
  wanted: { readonly holdings: readonly string[]; readonly lots: readonly string[] | null },
  totals: Totals,
): Promise<void> {
  const complain = (what: string, found: readonly string[]): void => {
    totals.faults.push(`${where}: ${what}: ${found.slice(0, 2).join(' ')}`);
  };
  const compare = (what: string, found: readonly string[], expected: readonly string[]): void => {
    totals.checks++;
    const known = new Set(expected);
    const other = found.filter((row) => !known.has(row));
    if (found.length !== expected.length || other.length > 0) complain(what, other);
  };
  compare('holdings are not what was generated', await ask(database, HOLDINGS), wanted.holdings);
  if (!hasLots) return;
  if (wanted.lots !== null)
    compare('lots are not what was generated', await ask(database, LOTS?.sql ?? ''), wanted.lots);
  for (const { id, sql } of invariants) {
    totals.checks++;
    const broken = await ask(database, sql);
    if (broken.length > 0) complain(id, broken);
  }
}

/** Loads a batch and walks to the last phase and back to where it started. */
async function walk(
  cluster: Cluster,
  start: Start,
  set: MigrationSet,
  seed: number,
  index: number,
  totals: Totals,
): Promise<void> {
  await using database = await cluster.create(start.template);
  const { model, source, applied } = start;
  const dataset = source.generate({ model, seed, index, focus: null, literals: [] });
  const { refused } = await database.load(dataset, model);
  if (refused.length > 0)
    totals.faults.push(`batch ${index}: ${refused.length} rows refused: ${refused[0]?.fault.message ?? ''}`);
  const lotsAt = set.migrations.findIndex(({ up }) => up.text.includes('"TaxLot"'));
  const startsWithLots = applied > lotsAt;
  const wanted = {
    holdings: generated(dataset, 'Investment', ['id', 'portfolioId', 'totalQuantity', 'averageCostBasis', 'createdAt']),
    lots: startsWithLots
      ? generated(dataset, 'TaxLot', ['id', 'investmentId', 'quantity', 'costBasisPerUnit', 'purchaseDate'])
      : null,
  };
  for (const { table, rows } of dataset.tables) {
    const key = `${startsWithLots ? 'with lots' : 'holdings alone'}: ${table.replaceAll(/public\.|"/g, '')}`;
    totals.rows.set(key, (totals.rows.get(key) ?? 0) + rows.length);
  }
  await checkState(
    database,
    `batch ${index}, before ${set.migrations[applied]?.name ?? ''}`,
    startsWithLots,
    wanted,
    totals,
  );
  const steps = set.migrations.slice(applied);
  try {
    for (const [at, { name, up }] of steps.entries()) {
      await execute(database, up);
      await checkState(database, `batch ${index}, after ${name}`, applied + at >= lotsAt, wanted, totals);
    }
    for (const [at, { name, down }] of [...steps.entries()].toReversed()) {
      if (down === null) throw new ScriptFailed(`${name} has no down`);
      await execute(database, down);
      await checkState(database, `batch ${index}, back before ${name}`, applied + at > lotsAt, wanted, totals);
    }
  } catch (error) {
    if (!(error instanceof ScriptFailed)) throw error;
    totals.faults.push(`batch ${index}: ${error.message}`);
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      portfolios: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      set: { type: 'string', default: SET },
    },
  });
  const [wanted, seed] = [Number(values.portfolios), Number(values.seed)];
  if (!Number.isInteger(wanted) || wanted < 1 || !Number.isInteger(seed))
    throw new RangeError('--portfolios takes a number from 1, --seed a whole number');
  await using pool = openServerPool();
  const request = { postgres: null, image: null, serverUrl: null, allowRemote: false };
  const server = await pool.reserve({ provider: 'embedded', dialect: 'postgres', request });
  await using cluster = await postgresDialect.openCluster(await server.start(), {
    foreignKeys: true,
    functions: {},
    keep: false,
  });
  const set = await readMigrations(values.set);
  const starts = [await startAfter(cluster, set.migrations, 1), await startAfter(cluster, set.migrations, 3)];
  const totals: Totals = { rows: new Map(), faults: [], checks: 0 };
  const count = (kind: string): number => totals.rows.get(`${kind}: Portfolio`) ?? 0;
  const started = performance.now();
  for (let index = 0; count('holdings alone') < wanted || count('with lots') < wanted; index++) {
    for (const start of starts) await walk(cluster, start, set, seed, index, totals);
    if (totals.faults.length > 20) break;
  }
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `PostgreSQL ${cluster.engine.version}, Node ${process.versions.node}, load ${(os.loadavg()[0] ?? 0).toFixed(1)}, seed ${seed}\n`,
  );
  console.log('| what | rows |\n| --- | --- |');
  for (const [what, rows] of totals.rows) console.log(`| ${what} | ${rows} |`);
  console.log(
    `\n${count('holdings alone')} + ${count('with lots')} portfolios through phases 1 to 5 and back in ${seconds.toFixed(1)} s, ${totals.checks} checks: ${totals.faults.length === 0 ? 'every sum exact, nothing differs' : `${totals.faults.length} faults`}`,
  );
  for (const fault of totals.faults) console.log(`  ${fault}`);
  if (totals.faults.length > 0) process.exitCode = 1;
}

await main();
