/**
 * `chain-unwinds`: from several starting points, all ups on data and all downs in reverse.
 */
import type { Database, Template } from '../core/dialect.ts';
import type { Dataset } from '../core/dataset.ts';
import { findColumn } from '../core/schema-lookup.ts';
import type { SchemaModel } from '../core/schema.ts';
import type { Migration } from '../core/migration.ts';
import type { Moment, ScriptOutcome, Trace } from '../core/trace.ts';
import { makeObserver, type Observer } from '../scenarios/observe.ts';
import type { PlannedSet } from './plan.ts';
import { type CaseRun, maxRowsPerTable, preparationsAt, type RunCase } from './subject.ts';
import type { Workbench } from './workbench.ts';

/** A schema state from which the walk starts: the first `applied` migrations have run. */
export interface ChainStart {
  readonly applied: number;
  readonly template: Template | null;
  readonly model: SchemaModel;
  readonly schemaFingerprint: string;
}

/** The positions at which walks start: as early as every later step has a down, and spread over the rest. */
export function chainStarts(migrations: readonly Migration[]): readonly number[] {
  const blocker = migrations.findLastIndex(
    (migration) => migration.down === null || migration.declarations.irreversible !== null,
  );
  const first = blocker + 1;
  const length = migrations.length - first;
  if (length <= 0) return [];
  return [...new Set([0, 1, Math.floor(length / 3), Math.floor((2 * length) / 3)])]
    .filter((offset) => offset < length)
    .map((offset) => first + offset);
}

/** Why the chain cannot be walked back at all; null: it can. */
export function chainBlocker(migrations: readonly Migration[]): string | null {
  const last = migrations.at(-1);
  if (last === undefined) return 'the set is empty';
  if (last.declarations.irreversible !== null)
    return `${last.name} is declared irreversible: ${last.declarations.irreversible.reason}`;
  return last.down === null ? `${last.name} has no down script, so the walk back cannot begin` : null;
}

/** Columns that a step of the walk is declared to lose. */
export function lossyColumns(model: SchemaModel, walked: readonly Migration[]): ReadonlySet<string> {
  return new Set(
    walked.flatMap(({ declarations }) =>
      declarations.lossy.flatMap(({ column }) => {
        const found = findColumn(model, column);
        if (found === undefined) return [];
        const names = found.column === '*' ? found.table.columns.map(({ name }) => name) : [found.column];
        return names.map((name) => `${found.table.key}.${name}`);
      }),
    ),
  );
}

/** Makes the function that walks the chain with a dataset. */
export function makeChainRunner(planned: PlannedSet, start: ChainStart, bench: Workbench): RunCase {
  return async (dataset, { isolated }): Promise<CaseRun> => {
    const database = await (isolated ? bench.clone() : bench.fresh());
    bench.left(null);
    const { loaded, refused } = await loadForChain(planned, start, database, dataset);
    const observer = observerOf(database, planned);
    const before = await observer.observe('before', null);
    const trace = await walk(planned, start, database, observer, before);
    bench.left((trace.moments.at(-1) ?? before).snapshot);
    return { loaded, refused, traces: [trace], unusable: null };
  };
}

/** Loads rows that are legal where a walk starts, and makes them legal by `prepare`. */
export async function loadForChain(
  planned: PlannedSet,
  start: ChainStart,
  database: Database,
  dataset: Dataset,
): Promise<Pick<CaseRun, 'loaded' | 'refused'>> {
  const result = await database.load(dataset, start.model);
  for (const { sql } of preparationsAt(planned.set, planned.preparations, start.applied)) await database.run(sql);
  return result;
}

/** An observer of states alone: nothing is asked of the rows. */
export function observerOf(database: Database, planned: PlannedSet): Observer {
  return makeObserver({
    database,
    maxRowsPerTable,
    projections: [],
    invariantsBefore: [],
    invariantsAfter: [],
    conservations: [],
    queryLimitMs: planned.limits.statementMs,
  });
}

async function walk(
  planned: PlannedSet,
  start: ChainStart,
  database: Database,
  observer: Observer,
  before: Moment,
): Promise<Trace> {
  const steps = planned.set.migrations.slice(start.applied);
  const base = { scenario: `chain:${start.applied}`, preconditionRows: 0, evidence: null };
  for (const migration of steps) {
    const outcome = await database.execute(migration.up, planned.limits);
    if (outcome.status !== 'completed') {
      const end = await observer.observe('after-up', { direction: 'up', outcome });
      return { ...base, moments: [before, end], endedEarly: `${migration.name} did not apply to the generated data` };
    }
  }
  let last: ScriptOutcome | null = null;
  for (const migration of steps.toReversed()) {
    if (migration.down === null) break;
    last = await database.execute(migration.down, planned.limits);
    if (last.status !== 'completed') break;
  }
  if (last === null) return { ...base, moments: [before], endedEarly: 'there is no down script' };
  const after = await observer.observe('after-down', { direction: 'down', outcome: last });
  return { ...base, moments: [before, after], endedEarly: null };
}

/** The migration whose down first left another state than its up found, on the way back; null where every step restores its own. */
export async function findGuiltyStep(
  planned: PlannedSet,
  start: ChainStart,
  bench: Workbench,
  dataset: Dataset,
): Promise<Migration | null> {
  const database = await bench.clone();
  await loadForChain(planned, start, database, dataset);
  const observer = observerOf(database, planned);
  const states = [await observer.observe('before', null)];
  const steps = planned.set.migrations.slice(start.applied);
  for (const { up } of steps) {
    const outcome = await database.execute(up, planned.limits);
    states.push(await observer.observe('after-up', { direction: 'up', outcome }));
  }
  for (const [at, migration] of [...steps.entries()].toReversed()) {
    if (migration.down === null) return migration;
    const outcome = await database.execute(migration.down, planned.limits);
    const now = await observer.observe('after-down', { direction: 'down', outcome });
    const then = states[at];
    if (outcome.status !== 'completed' || then === undefined || !isSameState(then, now)) return migration;
  }
  return null;
}

function isSameState(then: Moment, now: Moment): boolean {
  return (
    then.snapshot.catalog.fingerprint === now.snapshot.catalog.fingerprint &&
    [...then.snapshot.tables].every(([key, state]) => now.snapshot.tables.get(key)?.digest === state.digest)
  );
}
