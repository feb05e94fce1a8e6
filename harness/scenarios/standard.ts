/**
 * Scenarios drive one database through a migration's scripts and record a trace. They know the ports of the core alone:
 * the database arrives as a value, and what a script does wrong is recorded, never thrown.
 *
 * The standard trajectory serves every stepwise property at once: up, down, up, up again, down, down again.
 */
import type { Database, ExecutionLimits } from '../core/dialect.ts';
import type { Direction, Migration } from '../core/migration.ts';
import { MOMENTS, type Moment, type MomentName, type Trace } from '../core/trace.ts';
import type { Observer } from './observe.ts';

/** A step of a trajectory: which script runs, and the moment it leads to. */
interface Step {
  readonly direction: Direction;
  readonly moment: MomentName;
}

const WITH_DOWN: readonly Step[] = [
  { direction: 'up', moment: 'after-up' },
  { direction: 'down', moment: 'after-down' },
  { direction: 'up', moment: 'after-reup' },
  { direction: 'up', moment: 'after-up-again' },
  { direction: 'down', moment: 'after-last-down' },
  { direction: 'down', moment: 'after-down-again' },
];

const WITHOUT_DOWN: readonly Step[] = [
  { direction: 'up', moment: 'after-up' },
  { direction: 'up', moment: 'after-up-again' },
];

/** A down that must refuse ends the walk, so it comes last. */
const IRREVERSIBLE: readonly Step[] = [
  { direction: 'up', moment: 'after-up' },
  { direction: 'up', moment: 'after-up-again' },
  { direction: 'down', moment: 'after-down' },
];

/** Where a second up disturbed the state, the second down is looked at on its own. */
const DOWN_TWICE: readonly Step[] = [
  { direction: 'up', moment: 'after-up' },
  { direction: 'down', moment: 'after-down' },
  { direction: 'down', moment: 'after-down-again' },
];

/** Where a down refused or failed, the second up is looked at on its own. */
const UP_TWICE: readonly Step[] = WITHOUT_DOWN;

export type ScenarioName = 'standard' | 'down-twice' | 'up-twice';

export interface ScenarioRun {
  readonly name: ScenarioName;
  readonly database: Database;
  readonly migration: Migration;
  readonly limits: ExecutionLimits;
  readonly observer: Observer;
  /** The state that the dataset left, already observed. */
  readonly before: Moment;
  readonly preconditionRows: number;
  /** The last moment that anyone will judge. */
  readonly until: MomentName;
}

/** Runs a scenario on a database that already holds its dataset. */
export async function runScenario(run: ScenarioRun): Promise<Trace> {
  const moments: Moment[] = [run.before];
  let endedEarly: string | null = null;
  for (const step of stepsOf(run)) {
    const script = step.direction === 'up' ? run.migration.up : run.migration.down;
    if (script === null) break;
    const outcome = await run.database.execute(script, run.limits);
    const previous = moments.at(-1);
    const moment = await run.observer.observe(step.moment, { direction: step.direction, outcome });
    moments.push(moment);
    endedEarly = whyStop(step, moment, previous);
    if (endedEarly !== null) break;
  }
  return { scenario: run.name, moments, endedEarly, preconditionRows: run.preconditionRows, evidence: null };
}

function stepsOf({ name, migration, until }: ScenarioRun): readonly Step[] {
  const steps = name === 'standard' ? standardSteps(migration) : name === 'down-twice' ? DOWN_TWICE : UP_TWICE;
  return steps.filter((step) => MOMENTS.indexOf(step.moment) <= MOMENTS.indexOf(until));
}

function standardSteps({ down, declarations }: Migration): readonly Step[] {
  if (down === null) return WITHOUT_DOWN;
  return declarations.irreversible === null ? WITH_DOWN : IRREVERSIBLE;
}

/** A failed step ends the walk, except a rerun that refused and left everything as it was. */
function whyStop({ direction, moment }: Step, reached: Moment, previous: Moment | undefined): string | null {
  const isRerun = moment === 'after-up-again';
  const completed = reached.step?.outcome.status === 'completed';
  if (!isRerun) return completed ? null : `the ${direction} script did not complete`;
  const unchanged = previous !== undefined && isUnchanged(previous, reached);
  return unchanged ? null : `the second run of the ${direction} script changed the state`;
}

function isUnchanged(before: Moment, after: Moment): boolean {
  if (before.snapshot.catalog.fingerprint !== after.snapshot.catalog.fingerprint) return false;
  if (before.snapshot.tables.size !== after.snapshot.tables.size) return false;
  return [...before.snapshot.tables].every(([key, state]) => after.snapshot.tables.get(key)?.digest === state.digest);
}
