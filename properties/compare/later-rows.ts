/**
 * What later writes did to a table and what the down left of it, row by row. A row counts as written later where its state before the
 * down differs from its state after the up: so what triggers and cascades did belongs to the writes as well.
 */
import type { Cell, Row } from '../../harness/core/dataset.ts';
import type { TableDifference } from '../../harness/core/property.ts';
import type { TableState } from '../../harness/core/snapshot.ts';
import { isSameCell } from './cells.ts';
import { rowIdentity, type Tolerance } from './tables.ts';

/** One table at the moments of the scenario. */
export interface TableHistory {
  readonly before: TableState;
  readonly up: TableState;
  readonly written: TableState;
  readonly down: TableState;
  /** After the last up; undefined where it failed, or the table is not there. */
  readonly again: TableState | undefined;
  /** After up and down without any write; undefined where that was not looked at: nothing was missing. */
  readonly without: TableState | undefined;
}

/** Rows that were there before and are not as they should be. */
export function lostOldRows(history: TableHistory, tolerance: Tolerance): TableDifference | null {
  const { before, up, written, down, without } = history;
  if (without === undefined) return null;
  const key = sharedKey(history);
  if (key === null) return lostWithoutKey(history);
  const [was, came, stood, left, else_] = [before, up, written, down, without].map((state) => byKey(state, key)) as [
    Rows,
    Rows,
    Rows,
    Rows,
    Rows,
  ];
  const missing: Row[] = [];
  const extra: Row[] = [];
  const changed: TableDifference['changed'][number][] = [];
  for (const [identity, row] of was) {
    const afterUp = came.get(identity);
    const now = stood.get(identity);
    const result = left.get(identity);
    const alone = else_.get(identity);
    if (afterUp === undefined || alone === undefined) continue;
    if (now === undefined) {
      if (result !== undefined) extra.push(row);
    } else if (rowIdentity(now) === rowIdentity(afterUp)) {
      if (result === undefined) missing.push(row);
      else changed.push(...changedCells(history, key, row, result, alone, tolerance));
    }
  }
  return differenceOf(before, before.columns, { missing, extra, changed });
}

type Rows = ReadonlyMap<string, Row>;

/** Columns that the new schema lacks may be worked out anew from later rows: there only a value that is gone counts. */
function changedCells(
  { before, up, down, without }: TableHistory,
  key: readonly string[],
  expected: Row,
  actual: Row,
  alone: Row,
  { clock, volatileColumns }: Tolerance,
): TableDifference['changed'][number][] {
  return before.columns.flatMap((column, at) => {
    const was = expected[at] ?? null;
    const now = cellOf(down, actual, column);
    const isKept = up.columns.includes(column);
    if (!down.columns.includes(column) || volatileColumns.has(`${before.table}.${column}`)) return [];
    if (
      isSameCell(was, now, clock) ||
      !isSameCell(was, without === undefined ? was : cellOf(without, alone, column), clock)
    )
      return [];
    if (!isKept && (was === null || now !== null)) return [];
    return [{ key: key.map((name) => cellOf(before, expected, name)), column, expected: was, actual: now }];
  });
}

/** Without a key rows are told apart by all they hold, and only where every row that was there stood to the end. */
function lostWithoutKey({ before, up, written, down, without }: TableHistory): TableDifference | null {
  if (without === undefined || subtract(up.rows, written.rows).length > 0) return null;
  const columns = before.columns.filter((name) => down.columns.includes(name));
  const expected = project(before, columns);
  const alone = subtract(expected, project(without, columns));
  const missing = subtract(subtract(expected, project(down, columns)), alone);
  return differenceOf(before, columns, { missing, extra: [], changed: [] });
}

/** Rows written later that neither the down nor the next up shows. `columnsMoved`: whether new columns took the place of old ones. */
export function lostLaterRows(history: TableHistory, tolerance: Tolerance): TableDifference | null {
  const { before, up, written, down, again } = history;
  const key = sharedKey(history);
  const shared = written.columns.filter((name) => down.columns.includes(name));
  if (key === null) {
    const later = subtract(project(written, shared), project(up, shared));
    const missing = subtract(later, project(down, shared));
    const stillMissing = again === undefined ? missing : subtract(missing, project(again, shared));
    return subtract(up.rows, written.rows).length > 0
      ? null
      : differenceOf(written, shared, { missing: stillMissing, extra: [], changed: [] });
  }
  const came = byKey(up, key);
  const left = byKey(down, key);
  const back = again === undefined ? null : byKey(again, key);
  const missing: Row[] = [];
  const changed: TableDifference['changed'][number][] = [];
  for (const [identity, row] of byKey(written, key)) {
    const afterUp = came.get(identity);
    if (afterUp !== undefined && rowIdentity(afterUp) === rowIdentity(row)) continue;
    const result = left.get(identity);
    const returned = back?.get(identity);
    if (result === undefined) {
      if (returned === undefined && (back !== null || isSteady(history, key)))
        missing.push(project(written, shared, [row])[0] ?? row);
      continue;
    }
    for (const column of columnsToKeep(history)) {
      if (tolerance.volatileColumns.has(`${written.table}.${column}`)) continue;
      const wrote = cellOf(written, row, column);
      const isShared = down.columns.includes(column);
      const now = isShared ? cellOf(down, result, column) : null;
      const then = again === undefined || returned === undefined ? undefined : cellOf(again, returned, column);
      if (isShared && isSameCell(wrote, now, tolerance.clock)) continue;
      if (then !== undefined && isSameCell(wrote, then, tolerance.clock)) continue;
      if (then === undefined && !(isShared && isSteady(history, [column]))) continue;
      changed.push({
        key: key.map((name) => cellOf(written, row, name)),
        column,
        expected: wrote,
        actual: isShared ? now : (then ?? null),
      });
    }
  }
  return differenceOf(before, shared, { missing, extra: [], changed });
}

/** The columns of both schemas; and where the up dropped columns, those new ones that it filled for old rows in their place. */
function columnsToKeep({ before, up, written, down }: TableHistory): readonly string[] {
  const shared = written.columns.filter((name) => down.columns.includes(name));
  const hasDropped = before.columns.some((name) => !up.columns.includes(name));
  const filled = up.columns.filter((name) => !down.columns.includes(name) && isVaried(up, name));
  return hasDropped ? [...shared, ...filled] : shared;
}

/** Whether old rows hold different values in a column: then the up filled it from them. */
function isVaried(state: TableState, column: string): boolean {
  return new Set((state.rows ?? []).map((row) => cellOf(state, row, column))).size > 1;
}

/** Rows of a moved table that the next up does not bring back. */
export function lostMovedRows(
  up: TableState,
  written: TableState,
  again: TableState | undefined,
  columns: readonly string[],
  { volatileColumns }: Tolerance,
): TableDifference | null {
  const names = columns.filter((name) => !volatileColumns.has(`${written.table}.${name}`));
  const later = subtract(project(written, names), project(up, names));
  const missing = again === undefined ? later : subtract(later, project(again, names));
  return differenceOf(written, names, { missing, extra: [], changed: [] });
}

/** The primary key that a table has at every moment and that the up leaves as it is; null: there is none to go by. */
function sharedKey({ before, up, written, down }: TableHistory): readonly string[] | null {
  const [key, ...others] = [before, up, written, down].map(({ primaryKey }) => primaryKey);
  if (key === undefined || key.length === 0 || others.some((other) => other.join('\0') !== key.join('\0'))) return null;
  const came = byKey(up, key);
  const kept = [...byKey(before, key).keys()].filter((identity) => came.has(identity));
  return before.rowCount > 0 && kept.length === 0 ? null : key;
}

/** Whether the up leaves these columns as they are, as far as old rows show it. */
function isSteady({ before, up }: TableHistory, columns: readonly string[]): boolean {
  const was = project(before, columns).filter((row) => row.some((cell) => cell !== null));
  return was.length > 0 && subtract(was, project(up, columns)).length === 0;
}

function byKey(state: TableState, key: readonly string[]): Rows {
  return new Map((state.rows ?? []).map((row) => [rowIdentity(key.map((name) => cellOf(state, row, name))), row]));
}

function cellOf(state: TableState, row: Row, column: string): Cell {
  return row[state.columns.indexOf(column)] ?? null;
}

function project(
  state: TableState,
  columns: readonly string[],
  rows: readonly Row[] = state.rows ?? [],
): readonly Row[] {
  const places = columns.map((name) => state.columns.indexOf(name));
  return rows.map((row) => places.map((at) => row[at] ?? null));
}

function subtract(rows: readonly Row[] | null, others: readonly Row[] | null): readonly Row[] {
  const counts = new Map<string, number>();
  for (const row of others ?? []) counts.set(rowIdentity(row), (counts.get(rowIdentity(row)) ?? 0) + 1);
  return (rows ?? []).filter((row) => {
    const left = counts.get(rowIdentity(row)) ?? 0;
    counts.set(rowIdentity(row), left - 1);
    return left <= 0;
  });
}

function differenceOf(
  { table }: TableState,
  columns: readonly string[],
  { missing, extra, changed }: Pick<TableDifference, 'missing' | 'extra' | 'changed'>,
): TableDifference | null {
  return missing.length + extra.length + changed.length === 0 ? null : { table, columns, missing, extra, changed };
}
