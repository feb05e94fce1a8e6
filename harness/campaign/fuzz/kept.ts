/**
 * What a journal keeps of a unit, and how it comes back: numbers, gaps and failures, as plain JSON.
 */
import type { KeptRecords, KeptTally } from '../../core/fuzz-journal.ts';
import { type GivenUp, tallyName } from '../memory.ts';
import type { Tally } from '../tally.ts';
import { talliesOf, type Unit } from './unit.ts';

/** The records of a unit as they are now. Failures in `written` are kept by their key alone; those that are not are added to it. */
export function keepRecords(unit: Unit, written: Set<string>): KeptRecords {
  return {
    volatileColumns: [...((unit.records.get('volatile') as ReadonlySet<string> | undefined) ?? [])],
    givenUp: (unit.records.get('given-up') as GivenUp | undefined)?.reason ?? null,
    tallies: talliesOf(unit).map((tally) => keepTally(tally, written)),
  };
}

function keepTally(tally: Tally, written: Set<string>): KeptTally {
  return {
    property: tally.property.id,
    cases: tally.cases,
    held: tally.held,
    rows: tally.rows,
    discarded: tally.discarded,
    unmet: tally.unmet.map(({ id }) => id),
    flaky: [...tally.flaky],
    unjudged: [...tally.unjudged],
    notes: [...tally.notes],
    seen: [...tally.seen],
    owed: [...tally.owed],
    pending: tally.pending,
    failures: [...tally.failures].map(([key, { finding, counterexample, accepted, alsoObjects }]) => {
      const name = JSON.stringify([tally.property.id, key, counterexample.id]);
      const reference = { key, alsoObjects: [...alsoObjects] };
      if (written.has(name)) return reference;
      written.add(name);
      return { ...reference, finding, counterexample, accepted };
    }),
  };
}

/** Fills records that were just made with what was kept of them. */
export function restoreRecords(kept: KeptRecords): (name: string, made: object) => void {
  const byName = new Map(kept.tallies.map((tally) => [tallyName(tally.property), tally]));
  return (name, made) => {
    if (name === 'volatile') for (const column of kept.volatileColumns) (made as Set<string>).add(column);
    if (name === 'given-up') (made as GivenUp).reason = kept.givenUp;
    const tally = byName.get(name);
    if (tally !== undefined) restoreTally(made as Tally, tally);
  };
}

function restoreTally(made: Tally, kept: KeptTally): void {
  made.cases = kept.cases;
  made.held = kept.held;
  made.rows = kept.rows;
  made.discarded = kept.discarded;
  made.unmet = made.unmet.filter(({ id }) => kept.unmet.includes(id));
  made.pending = kept.pending;
  for (const [clause, message] of kept.flaky) made.flaky.set(clause, message);
  for (const [reason, times] of kept.unjudged) made.unjudged.set(reason, times);
  for (const note of kept.notes) made.notes.add(note);
  for (const fact of kept.seen) made.seen.add(fact);
  for (const fact of kept.owed) made.owed.add(fact);
  for (const failure of kept.failures) {
    if (!('finding' in failure)) continue;
    const { key, alsoObjects, ...whole } = failure;
    made.failures.set(key, { ...whole, alsoObjects: new Set(alsoObjects) });
  }
}
