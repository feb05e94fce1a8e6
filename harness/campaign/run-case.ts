/**
 * One case: load the dataset, prepare it, look, and drive the scenario.
 */
import type { Database } from '../core/dialect.ts';
import type { Dataset } from '../core/dataset.ts';
import { MOMENTS, type Moment, type MomentName, type Trace } from '../core/trace.ts';
import { PalindromeError } from '../core/errors.ts';
import type { SchemaModel } from '../core/schema.ts';
import type { Migration } from '../core/migration.ts';
import type { Property } from '../core/property.ts';
import { makeObserver, type Observer } from '../scenarios/observe.ts';
import { runScenario, type ScenarioName } from '../scenarios/standard.ts';
import type { PlannedSet } from './plan.ts';
import {
  type CaseRun,
  conservationsAcross,
  invariantsAt,
  maxRowsPerTable,
  preparationsAt,
  type RunCase,
} from './subject.ts';
import type { WayBack, Workbench } from './workbench.ts';

export interface CaseSetting {
  readonly planned: PlannedSet;
  readonly migration: Migration;
  /** Position of the migration in its set, from 0. */
  readonly index: number;
  readonly model: SchemaModel;
  readonly bench: Workbench;
  readonly properties: readonly Property[];
}

/** Makes the function that runs cases of the standard scenario for one migration. */
export function makeCaseRunner(setting: CaseSetting): RunCase {
  return async (dataset, { until, isolated }) => {
    const first = await walk(setting, dataset, 'standard', until, isolated);
    const missing = first.unusable === null ? missingRerun(setting.migration, first.traces[0], until) : null;
    if (missing === null) return first;
    const second = await walk(setting, first.loaded, missing, until, isolated);
    return { ...first, traces: [...first.traces, ...second.traces] };
  };
}

/** The rerun that a walk which ended early did not come to: a second up that disturbed the state hides the second down, a down that refused both. */
function missingRerun(migration: Migration, trace: Trace | undefined, until: MomentName): ScenarioName | null {
  if (migration.down === null || trace?.endedEarly == null) return null;
  const last = trace.moments.at(-1)?.name;
  if (last === 'after-up-again') return until === 'after-down-again' ? 'down-twice' : null;
  const wantsRerun = MOMENTS.indexOf(until) >= MOMENTS.indexOf('after-up-again');
  return wantsRerun && last === 'after-down' ? 'up-twice' : null;
}

async function walk(
  setting: CaseSetting,
  dataset: Dataset,
  name: ScenarioName,
  until: MomentName,
  isolated: boolean,
): Promise<CaseRun> {
  const { bench, planned, migration } = setting;
  const database = await (isolated ? bench.clone() : bench.fresh());
  bench.left(null);
  const observer = observerFor(setting, database);
  const { loaded, refused } = await database.load(dataset, setting.model);
  await prepare(setting, database);
  const before = await observer.observe('before', null);
  requireProjections(setting, before);
  const [broken] = before.violations;
  if (broken !== undefined) {
    bench.left(before.snapshot);
    return { loaded, refused, traces: [], unusable: `it broke ${broken.invariant} before the migration ran` };
  }
  const preconditionRows = await countPreconditionRows(setting, database);
  const trace = await runScenario({
    name,
    database,
    migration,
    limits: planned.limits,
    observer,
    before,
    preconditionRows,
    until,
  });
  bench.left(lastSnapshot(trace, before), wayBackOf(setting, trace));
  return { loaded, refused, traces: [trace], unusable: null };
}

/** A walk that ended where up had brought it goes back by the down script; where the walk itself was there and down had failed, it does not. */
function wayBackOf(setting: CaseSetting, { moments, endedEarly }: Trace): WayBack | undefined {
  const last = moments.at(-1);
  if (endedEarly !== null || last?.step?.direction !== 'up' || last.step.outcome.status !== 'completed')
    return undefined;
  return wayDownOf(setting);
}

/** The way back from after an up: the down script, as far as there is one and it is meant to work. */
export function wayDownOf({ migration: { down, declarations }, planned }: CaseSetting): WayBack | undefined {
  if (down === null || declarations.irreversible !== null) return undefined;
  return async (database) => (await database.execute(down, planned.limits)).status === 'completed';
}

function lastSnapshot(trace: Trace, before: Moment): Moment['snapshot'] {
  return (trace.moments.at(-1) ?? before).snapshot;
}

/** A condition that the database cannot evaluate would silently permit nothing. */
function requireProjections({ migration, model, properties }: CaseSetting, { snapshot }: Moment): void {
  for (const { table, sql } of properties.flatMap((property) => property.projections?.({ migration, model }) ?? [])) {
    if (snapshot.projections.some((found) => found.table === table && found.sql === sql)) continue;
    throw new PalindromeError(
      'declaration-invalid',
      `A declaration of ${migration.name} cannot be evaluated on ${table}: ${sql}`,
      {
        hint: 'Its SQL must be an expression over one row of that table as it stands before the migration.',
      },
    );
  }
}

function observerFor({ planned, migration, index, model, properties }: CaseSetting, database: Database): Observer {
  return makeObserver({
    database,
    maxRowsPerTable,
    projections: properties.flatMap((property) => property.projections?.({ migration, model }) ?? []),
    invariantsBefore: invariantsAt(planned.set, planned.invariants, index),
    invariantsAfter: invariantsAt(planned.set, planned.invariants, index + 1),
    conservations: conservationsAcross(planned.set, planned.conservations, index),
    queryLimitMs: planned.limits.statementMs,
  });
}

async function prepare({ planned, index }: CaseSetting, database: Database): Promise<void> {
  for (const { sql } of preparationsAt(planned.set, planned.preparations, index)) await database.run(sql);
}

async function countPreconditionRows({ migration, planned }: CaseSetting, database: Database): Promise<number> {
  let rows = 0;
  for (const { sql } of migration.declarations.preconditions) {
    const result = await database.query(sql, 1, planned.limits.statementMs);
    if (result.status === 'failed') {
      throw new PalindromeError(
        'precondition-fails',
        `A precondition of ${migration.name} fails: ${result.fault.message}\n  ${sql}`,
      );
    }
    rows += result.rows.length;
  }
  return rows;
}
