/** Which stored cases add nothing: what is fixed, and what a smaller case shows as well. Decided from replays of today, never from files alone. */
import type { Counterexample, ReplayOutcome } from '../core/counterexample.ts';
import { countRows } from '../core/dataset.ts';
import { compareText, count } from '../core/text.ts';
import { shapeOf } from './shape.ts';

/** A case with its replay. */
export interface JudgedCase {
  readonly example: Counterexample;
  readonly outcome: ReplayOutcome;
}

/** A case to drop, and the sentence that says why it may be. */
export interface Droppable {
  readonly example: Counterexample;
  readonly evidence: string;
}

/**
 * The cases to drop, in order of their ids. Of those that fail today, the smallest of each failure stays: the same set, engine, migration,
 * scenario with its parameters, property, clause, object and shape of the difference. What is stale or in error stays.
 */
export function findDroppable(cases: readonly JudgedCase[]): readonly Droppable[] {
  const smallest = new Map<string, Counterexample>();
  const failing = cases.filter(({ outcome }) => outcome.status === 'still-fails').map(({ example }) => example);
  for (const example of failing.toSorted(bySize)) {
    const key = keyOf(example);
    if (!smallest.has(key)) smallest.set(key, example);
  }
  const drops = cases.flatMap(({ example, outcome }): readonly Droppable[] => {
    if (outcome.status === 'fixed') return [{ example, evidence: whyFixed(outcome) }];
    const kept = outcome.status === 'still-fails' ? smallest.get(keyOf(example)) : undefined;
    return kept === undefined || kept === example ? [] : [{ example, evidence: whySubsumed(example, kept) }];
  });
  return drops.toSorted((a, b) => compareText(a.example.id, b.example.id));
}

function whyFixed({ changed }: Extract<ReplayOutcome, { status: 'fixed' }>): string {
  const since = changed.length === 0 ? 'no file of its migrations was changed' : `changed since: ${changed.join(', ')}`;
  return `fixed: replayed just now, the property holds for its rows (${since})`;
}

function whySubsumed(example: Counterexample, kept: Counterexample): string {
  const rows = `${count(countRows(kept.dataset), 'row')} instead of ${countRows(example.dataset)}`;
  return `subsumed by ${kept.id}, which shows the same with ${rows} and failed just now`;
}

function bySize(a: Counterexample, b: Counterexample): number {
  return (
    countRows(a.dataset) - countRows(b.dataset) ||
    JSON.stringify(a.dataset).length - JSON.stringify(b.dataset).length ||
    compareText(a.id, b.id)
  );
}

function keyOf({ set, engine, migration, scenario, parameters, property, clause, finding }: Counterexample): string {
  const where = [set.path, set.layout, set.dialect, /^\d+/u.exec(engine.version)?.[0] ?? '', migration.name];
  const shape = shapeOf(finding).toSorted(compareText);
  return JSON.stringify([where, scenario, parameters ?? null, property, clause, finding.object, shape]);
}
