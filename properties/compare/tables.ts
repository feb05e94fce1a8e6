/**
 * How the rows of a table differ between two moments, paired by primary key where there is one.
 */
import type { Cell, Row } from '../../harness/core/dataset.ts';
import type { JudgementContext, TableDifference } from '../../harness/core/property.ts';
import type { Snapshot, TableState } from '../../harness/core/snapshot.ts';
import { compareText } from '../../harness/core/text.ts';
import { clockWindowSince, type ClockWindow } from '../../harness/core/clock.ts';
import { isSameCell } from './cells.ts';

type ChangedCell = TableDifference['changed'][number];

/** What may differ without being a difference. */
export interface Tolerance {
  readonly volatileColumns: ReadonlySet<string>;
  readonly clock: ClockWindow;
}

/** The tolerance of a judgement: the run's own clock readings and the columns found to be volatile. */
export function toleranceOf(context: JudgementContext): Tolerance {
  return { volatileColumns: context.volatileColumns, clock: clockWindowSince(context.runStartedMs) };
}

/** The differences of every table that is in both snapshots, over the columns that are in both, and of tables with rows that are in one alone. */
export function diffTables(expected: Snapshot, actual: Snapshot, tolerance: Tolerance): TableDifference[] {
  const names = [...new Set([...expected.tables.keys(), ...actual.tables.keys()])].toSorted(compareText);
  return names.flatMap((name) => diffTable(expected.tables.get(name), actual.tables.get(name), tolerance) ?? []);
}

/** Null where the rows agree. A table missing on one side differs if it has rows on the other. */
export function diffTable(
  expected: TableState | undefined,
  actual: TableState | undefined,
  tolerance: Tolerance,
): TableDifference | null {
  if (expected !== undefined && actual !== undefined && expected.digest === actual.digest) return null;
  const some = expected ?? actual;
  if (some === undefined || (expected?.rowCount ?? 0) + (actual?.rowCount ?? 0) === 0) return null;
  const columns = sharedColumns(expected, actual, tolerance);
  const empty = { table: some.table, columns, missing: [], extra: [], changed: [] };
  if (expected?.rows === null || actual?.rows === null) return empty;
  const left = project(expected, columns);
  const right = project(actual, columns);
  const rest = subtract(left, right, tolerance.clock);
  const key = some.primaryKey.map((name) => columns.indexOf(name));
  const paired =
    key.length > 0 && !key.includes(-1) ? pairByKey(rest, key, columns, tolerance.clock) : { ...rest, changed: [] };
  return paired.missing.length + paired.extra.length + paired.changed.length === 0 ? null : { ...empty, ...paired };
}

function sharedColumns(
  expected: TableState | undefined,
  actual: TableState | undefined,
  tolerance: Tolerance,
): readonly string[] {
  const some = expected ?? actual;
  return (some?.columns ?? []).filter(
    (column) =>
      (expected === undefined || expected.columns.includes(column)) &&
      (actual === undefined || actual.columns.includes(column)) &&
      !tolerance.volatileColumns.has(`${some?.table}.${column}`),
  );
}

/** The rows of a table restricted to `columns`, in that order. */
function project(state: TableState | undefined, columns: readonly string[]): Row[] {
  if (state?.rows == null) return [];
  const positions = columns.map((column) => state.columns.indexOf(column));
  return state.rows.map((row) => positions.map((position) => row[position] ?? null));
}

/** A text that identifies a row exactly. */
export function rowIdentity(row: Row): string {
  return JSON.stringify(row);
}

function subtract(left: readonly Row[], right: readonly Row[], clock: ClockWindow): { missing: Row[]; extra: Row[] } {
  const remaining = new Map<string, Row[]>();
  for (const row of right) {
    const same = remaining.get(rowIdentity(row));
    if (same === undefined) remaining.set(rowIdentity(row), [row]);
    else same.push(row);
  }
  const unmatched = left.filter((row) => remaining.get(rowIdentity(row))?.pop() === undefined);
  const extra = [...remaining.values()].flat();
  const missing = unmatched.filter((row) => {
    const twin = extra.findIndex((other) => row.every((cell, at) => isSameCell(cell, other[at] ?? null, clock)));
    if (twin !== -1) extra.splice(twin, 1);
    return twin === -1;
  });
  return { missing, extra };
}

function pairByKey(
  rest: { missing: readonly Row[]; extra: readonly Row[] },
  key: readonly number[],
  columns: readonly string[],
  clock: ClockWindow,
): { missing: Row[]; extra: Row[]; changed: ChangedCell[] } {
  const keyOf = (row: Row): Row => key.map((position) => row[position] ?? null);
  const candidates = new Map(rest.extra.map((row) => [rowIdentity(keyOf(row)), row]));
  const missing: Row[] = [];
  const changed: ChangedCell[] = [];
  for (const row of rest.missing) {
    const identity = rowIdentity(keyOf(row));
    const other = candidates.get(identity);
    candidates.delete(identity);
    if (other === undefined) missing.push(row);
    else changed.push(...changedCells(keyOf(row), row, other, columns, clock));
  }
  return { missing, extra: [...candidates.values()], changed };
}

function changedCells(
  key: Row,
  expected: Row,
  actual: Row,
  columns: readonly string[],
  clock: ClockWindow,
): ChangedCell[] {
  return columns.flatMap((column, at) => {
    const pair: readonly [Cell, Cell] = [expected[at] ?? null, actual[at] ?? null];
    return isSameCell(pair[0], pair[1], clock) ? [] : [{ key, column, expected: pair[0], actual: pair[1] }];
  });
}
