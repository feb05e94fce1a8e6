/**
 * What a campaign has seen of a migration: a case that shows something else is worth more of its kind.
 */
import type { Moment } from '../../core/trace.ts';
import type { SeenCase } from '../plan.ts';

/** Facts of the cases so far. */
export interface Novelty {
  /** Notes what a case showed; returns how many facts are new. */
  see(seen: SeenCase): number;
  /** Facts so far. */
  count(): number;
}

/** Nothing seen yet. */
export function makeNovelty(): Novelty {
  const known = new Set<string>();
  return {
    see(seen) {
      const before = known.size;
      for (const fact of factsOf(seen)) known.add(fact);
      return known.size - before;
    },
    count: () => known.size,
  };
}

/** How each script ended, what was refused, which tables had how many rows and which of them differed, and the schemas on the way. */
function factsOf({ refused, traces }: SeenCase): readonly string[] {
  return [
    ...refused.map(({ table, fault }) => `refused ${table} ${fault.constraint ?? fault.column ?? fault.code}`),
    ...traces.flatMap(({ scenario, moments, endedEarly }) => [
      `walk ${scenario} ${moments.map(outcomeOf).join(' ')} ${endedEarly === null ? '' : 'ended early'}`,
      ...moments.flatMap((moment, at) => factsOfMoment(moment, moments[at - 1])),
    ]),
  ];
}

function outcomeOf({ name, step }: Moment): string {
  if (step === null) return name;
  const { outcome } = step;
  return `${name}:${outcome.status}${outcome.status === 'failed' ? `:${outcome.fault.code}:${outcome.fault.constraint ?? ''}` : ''}`;
}

function factsOfMoment({ name, snapshot, violations }: Moment, before: Moment | undefined): readonly string[] {
  return [
    `${name} catalog ${snapshot.catalog.fingerprint}`,
    ...violations.map(({ invariant }) => `${name} breaks ${invariant}`),
    ...[...snapshot.tables].flatMap(([table, { rowCount, digest }]) => {
      const was = before?.snapshot.tables.get(table);
      const change = was === undefined ? 'new' : was.digest === digest ? 'same' : 'differs';
      return [`${name} ${table} ${Math.min(rowCount, 3)} ${change}`];
    }),
  ];
}
