/**
 * Whether a mutant does what its original does: the same outcomes, catalog and data at every moment of the same case.
 */
import { diffCatalogs } from '../../core/catalog.ts';
import type { CatalogChange } from '../../core/catalog.ts';
import type { Snapshot, TableState } from '../../core/snapshot.ts';
import { compareText, count } from '../../core/text.ts';
import type { Moment, MomentName } from '../../core/trace.ts';
import type { CaseRun } from '../subject.ts';

/** The first thing in which two runs differ. */
export interface RunDifference {
  readonly moment: MomentName;
  /** `refusal`: the mutant ends where the original fails. */
  readonly kind: 'outcome' | 'refusal' | 'catalog' | 'data' | 'sequence';
  /** The table (`Table.key`) that it is about; null: it is about no single table. */
  readonly table: string | null;
  /** What is otherwise, as the end of a sentence. */
  readonly words: string;
}

/** Null where nothing differs, `volatileColumns` (`table.column`) aside. */
export function compareRuns(
  original: CaseRun,
  mutant: CaseRun,
  volatileColumns: ReadonlySet<string>,
): RunDifference | null {
  for (const [index, trace] of original.traces.entries()) {
    const other = mutant.traces[index];
    for (const [at, moment] of trace.moments.entries()) {
      const twin = other?.moments[at];
      if (twin === undefined || twin.name !== moment.name)
        return difference(moment, 'outcome', null, 'the mutant does not come this far');
      const found = compareMoments(moment, twin, volatileColumns);
      if (found !== null) return found;
    }
    const beyond = other?.moments[trace.moments.length];
    if (beyond !== undefined) return difference(beyond, 'outcome', null, 'the original does not come this far');
  }
  const [more] = mutant.traces[original.traces.length]?.moments ?? [];
  return more === undefined ? null : difference(more, 'outcome', null, 'the original does not come this far');
}

function compareMoments(moment: Moment, twin: Moment, volatileColumns: ReadonlySet<string>): RunDifference | null {
  const [expected, actual] = [moment.step?.outcome, twin.step?.outcome];
  if (expected?.status !== actual?.status || faultOf(expected) !== faultOf(actual)) {
    const told = actual?.status === 'failed' ? `fails: ${actual.fault.message}` : (actual?.status ?? 'is not run');
    const direction = twin.step?.direction ?? 'script';
    return actual?.status === 'completed'
      ? difference(twin, 'refusal', null, `the ${direction} completes where the original fails`)
      : difference(twin, 'outcome', null, `the ${direction} ${told}`);
  }
  const [change] = diffCatalogs(moment.snapshot.catalog, twin.snapshot.catalog);
  if (change !== undefined) return difference(moment, 'catalog', change.table, describeChange(change));
  return compareTables(moment, twin.snapshot, volatileColumns) ?? compareSequences(moment, twin.snapshot);
}

function faultOf(outcome: NonNullable<Moment['step']>['outcome'] | undefined): string | null {
  return outcome?.status === 'failed' ? outcome.fault.code : null;
}

function compareTables(moment: Moment, actual: Snapshot, volatileColumns: ReadonlySet<string>): RunDifference | null {
  for (const [key, state] of moment.snapshot.tables) {
    const other = actual.tables.get(key);
    if (other === undefined || other.digest === state.digest) continue;
    const rows = countDifferent(state, other, volatileColumns);
    if (rows > 0)
      return difference(
        moment,
        'data',
        key,
        `${count(rows, 'row')} of ${key} ${rows === 1 ? 'is' : 'are'} not as the original leaves them`,
      );
  }
  return null;
}

/** Rows of one that the other has not, over the columns whose values the data determines. */
function countDifferent(one: TableState, other: TableState, volatileColumns: ReadonlySet<string>): number {
  if (one.rows === null || other.rows === null) return Math.max(1, Math.abs(one.rowCount - other.rowCount));
  const theirs = new Map<string, number>();
  for (const row of textsOf(other, volatileColumns)) theirs.set(row, (theirs.get(row) ?? 0) + 1);
  let missing = 0;
  for (const row of textsOf(one, volatileColumns)) {
    const left = theirs.get(row) ?? 0;
    if (left === 0) missing++;
    else theirs.set(row, left - 1);
  }
  return Math.max(
    missing,
    [...theirs.values()].reduce((sum, left) => sum + left, 0),
  );
}

function textsOf({ table, columns, rows }: TableState, volatileColumns: ReadonlySet<string>): readonly string[] {
  const kept = columns
    .map((column, at) => ({ column, at }))
    .filter(({ column }) => !volatileColumns.has(`${table}.${column}`))
    .toSorted((a, b) => compareText(a.column, b.column));
  return (rows ?? []).map((row) => JSON.stringify(kept.map(({ at }) => row[at] ?? null)));
}

function compareSequences(moment: Moment, actual: Snapshot): RunDifference | null {
  for (const { name, nextValue } of moment.snapshot.sequences) {
    const other = actual.sequences.find((sequence) => sequence.name === name);
    if (other !== undefined && other.nextValue !== nextValue)
      return difference(moment, 'sequence', null, `${name} goes on with ${other.nextValue} instead of ${nextValue}`);
  }
  return null;
}

const LONGEST_TOLD = 160;

/** A change of the catalog, from the original to the mutant. */
function describeChange(change: CatalogChange): string {
  const object = `${change.kind} ${change.name}`;
  if (change.change !== 'altered')
    return change.change === 'missing' ? `${object} is missing` : `${object} is there, and is not with the original`;
  const [actual, expected] = [change.actual ?? 'absent', change.expected ?? 'absent'];
  // The body of a function would fill the sentence; the diff shows it.
  if (Math.max(actual.length, expected.length) > LONGEST_TOLD || /\n/.test(actual + expected))
    return `${change.attribute} of ${object} is another`;
  return `${change.attribute} of ${object} is ${actual} instead of ${expected}`;
}

function difference({ name }: Moment, kind: RunDifference['kind'], table: string | null, words: string): RunDifference {
  return { moment: name, kind, table, words };
}
