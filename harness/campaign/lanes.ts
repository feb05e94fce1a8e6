/**
 * Lanes: databases in the same state, side by side, each for one case at a time.
 */
import type { Cluster, Template } from '../core/dialect.ts';
import type { PlannedSet } from './plan.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

/** A lane's first clone costs about as much as a case: with fewer cases than this for each lane it would not pay. */
const CASES_PER_LANE = 8;

/** Defines what later scripts may run: triggers, routines, rules. */
const DEFINES_ROUTINES = /\b(function|procedure|trigger|rule|view)\b/i;

/**
 * How many lanes `cases` of the migrations from position `first` to `last` get: one where a script, or what prepares the data, reaches beyond
 * its own database, so that cases side by side could meet. The answer depends on the set and the settings alone, not on the machine's load.
 */
export function countLanes(planned: PlannedSet, first: number, last: number, cases: number): number {
  const { set, dialect, preparations, session, workers } = planned;
  const earlier = set.migrations.slice(0, first).map(({ up }) => up.text);
  const own = set.migrations.slice(first, last + 1);
  const texts = [
    ...earlier.filter((text) => DEFINES_ROUTINES.test(text)),
    ...own.flatMap(({ up, down }) => (down === null ? [up.text] : [up.text, down.text])),
    ...preparations.map(({ sql }) => sql),
  ];
  const isAlone = texts.some((text) => dialect.reachesBeyondDatabase(text));
  // A function of the application may remember its calls.
  if (isAlone || Object.keys(session.functions).length > 0) return 1;
  return Math.max(1, Math.min(workers, Math.floor(cases / CASES_PER_LANE)));
}

/** Benches side by side; their databases are made when they are first asked for. Disposing closes all of them. */
export interface Lanes extends AsyncDisposable {
  readonly benches: readonly Workbench[];
}

/** Opens `count` benches on a state; none where it is not above 0. */
export function openMoreLanes(cluster: Cluster, template: Template | null, count: number): Lanes {
  const benches = Array.from({ length: Math.max(0, count) }, () => openWorkbench(cluster, template));
  return {
    benches,
    async [Symbol.asyncDispose]() {
      for (const bench of benches) await bench[Symbol.asyncDispose]();
    },
  };
}
