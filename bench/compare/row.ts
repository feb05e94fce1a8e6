/** What the rows of the comparison have in common. */
import type { Dataset } from '../../harness/core/dataset.ts';
import type { Database } from '../../harness/core/dialect.ts';
import type { MigrationSet, Script } from '../../harness/core/migration.ts';
import type { SchemaModel } from '../../harness/core/schema.ts';

/** One way of doing the work. */
export interface Contender {
  readonly name: string;
  /** Cases of one turn: enough to be measured, few enough that a turn takes a second or two. */
  readonly casesPerTurn: number;
  /** Does so many cases and returns milliseconds for each. */
  turn(cases: number): Promise<number>;
  /** Gives back what it holds; called once, after the last turn. */
  close(): Promise<void>;
}

/** A contender, or why there is none here. */
export type Entry =
  | { readonly name: string; readonly open: () => Promise<Contender> }
  | { readonly name: string; readonly skipped: string };

/** The set with rows that were generated before any clock started. */
export interface Work {
  readonly set: MigrationSet;
  readonly model: SchemaModel;
  readonly datasets: readonly Dataset[];
}

export const LIMITS = { statementMs: 60_000, scriptMs: 120_000 };
const LOOK = { maxRowsPerTable: 2_000, projections: [] };

/** The base and the measured migration. */
export function scriptsOf({ set }: Work): { readonly base: Script; readonly up: Script; readonly down: Script } {
  const [base, measured] = set.migrations;
  if (base === undefined || measured?.down == null)
    throw new TypeError('the work has two migrations, and the second a down');
  return { base: base.up, up: measured.up, down: measured.down };
}

/** The dataset of a case, in turn. */
export function datasetOf({ datasets }: Work, at: number): Dataset {
  const dataset = datasets[at % datasets.length];
  if (dataset === undefined) throw new TypeError('no rows were generated');
  return dataset;
}

/** Runs a script and insists. */
export async function mustRun(database: Database, script: Script): Promise<void> {
  const outcome = await database.execute(script, LIMITS);
  if (outcome.status !== 'completed') throw new Error(`${script.file}: ${JSON.stringify(outcome)}`);
}

/** The work of one case with full checks, on a database that has the base: loads, looks, and looks again after up, down and up. */
export async function checkCase(database: Database, work: Work, at: number): Promise<void> {
  const { up, down } = scriptsOf(work);
  const dataset = datasetOf(work, at);
  const { refused } = await database.load(dataset, work.model);
  if (refused.length > 0) throw new Error(`${refused.length} rows were refused: ${refused[0]?.fault.message ?? ''}`);
  const before = await database.capture(LOOK);
  await mustRun(database, up);
  const afterUp = await database.capture(LOOK);
  await mustRun(database, down);
  const afterDown = await database.capture(LOOK);
  await mustRun(database, up);
  const again = await database.capture(LOOK);
  requireSame('up and down', before, afterDown);
  requireSame('up, down and up', afterUp, again);
}

type State = Awaited<ReturnType<Database['capture']>>;

/** Says whether two looks saw the same; throws where they did not. */
export function requireSame(what: string, one: State, other: State): void {
  const isSame =
    one.catalog.fingerprint === other.catalog.fingerprint &&
    one.tables.size === other.tables.size &&
    [...one.tables].every(([key, { digest }]) => other.tables.get(key)?.digest === digest);
  if (!isSame) throw new Error(`${what} did not end where they should: the work is not what it says`);
}

/** Times `cases` calls, one after another; milliseconds for each. */
export async function timeEach(cases: number, run: (at: number) => Promise<void>): Promise<number> {
  const started = performance.now();
  for (let at = 0; at < cases; at++) await run(at);
  return (performance.now() - started) / cases;
}
