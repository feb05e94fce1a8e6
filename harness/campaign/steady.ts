/**
 * A finding in words that are the same in every run: what a script took from the clock or from chance is named as such, not quoted.
 * Two runs of the same rows tell it apart from data: values of the one that the other has not, and readings of the clock,
 * which two runs within a second may share.
 */
import { type ClockWindow, clockWindowSince, isClockReading } from '../core/clock.ts';
import type { Cell, Row } from '../core/dataset.ts';
import type { Finding, TableDifference } from '../core/property.ts';
import { compareText } from '../core/text.ts';

/** Stands for a value that another run would not show. */
export const VARYING = '(differs from run to run)';

/** Parts of a text that change as a whole: words, numbers, times, identifiers. */
const WORD = /([\p{L}\p{N}_.:+-]+)/u;
/** Shorter values are looked for in cells alone: in sentences they would be found in other words. */
const SHORTEST_QUOTED = 4;

/** Makes texts of one run the same in every run, by those of another run of the same rows. */
export interface Steadied {
  readonly finding: Finding;
  readonly steps: readonly string[];
}

/**
 * `one` with what `other`, from a second run, does not share replaced by `VARYING`, and times since `runStartedMs` (since 1970).
 * Where there is neither, `one` as it is.
 */
export function steady(one: Steadied, other: Steadied, runStartedMs: number): Steadied {
  const window = clockWindowSince(runStartedMs);
  const mine = steadyTables(one.finding, other.finding, window);
  const theirs = steadyTables(other.finding, one.finding, window);
  const told = (text: string, twin: string | null | undefined): string =>
    steadyText(hideAll(text, mine.varying), hideAll(twin ?? text, theirs.varying));
  const { fault, message } = one.finding;
  const twin = other.finding.fault;
  const steadiedFault = fault && {
    ...fault,
    message: told(fault.message, twin?.message),
    detail: fault.detail === null ? null : told(fault.detail, twin?.detail),
  };
  return {
    finding: {
      ...one.finding,
      message: told(message, other.finding.message),
      tableDifferences: mine.tables,
      fault: steadiedFault,
    },
    steps: one.steps.map((step, at) => told(step, other.steps[at])),
  };
}

interface Varying {
  readonly window: ClockWindow;
  /** Values found in cells so far. */
  readonly values: Set<string>;
}

function steadyTables(
  mine: Finding,
  theirs: Finding,
  window: ClockWindow,
): { readonly tables: readonly TableDifference[]; readonly varying: readonly string[] } {
  const varying: Varying = { window, values: new Set() };
  const tables = mine.tableDifferences.map((difference, at) => {
    const twin = theirs.tableDifferences[at];
    return twin?.table === difference.table ? steadyRows(difference, twin, varying) : difference;
  });
  const quoted = [...varying.values].flatMap((value) => [value, value.replace(/^'(.*)'$/s, '$1')]);
  const long = quoted.filter((value) => value.length >= SHORTEST_QUOTED);
  return { tables, varying: long.toSorted((a, b) => b.length - a.length || compareText(a, b)) };
}

function hideAll(text: string, values: readonly string[]): string {
  return values.reduce((hidden, value) => hidden.replaceAll(value, VARYING), text);
}

/** Replaces words in which two texts of the same form differ. Texts of different form are left alone. */
function steadyText(mine: string, theirs: string): string {
  const parts = mine.split(WORD);
  const others = theirs.split(WORD);
  if (mine === theirs || parts.length !== others.length) return mine;
  return parts.map((part, at) => (part === others[at] ? part : VARYING)).join('');
}

function steadyRows(mine: TableDifference, theirs: TableDifference, varying: Varying): TableDifference {
  const known = mine.columns.map((_, at) => valuesAt(theirs, at));
  const hide = (value: Cell, values: ReadonlySet<Cell> | undefined): Cell => {
    const isSteady = value === null || (values?.has(value) ?? true);
    if (isSteady && !isClockReading(value, varying.window)) return value;
    if (value !== null) varying.values.add(value);
    return VARYING;
  };
  const rows = (all: readonly Row[]) => inOrder(all, (row) => row.map((cell, at) => hide(cell, known[at])));
  const keys = (mine.changed[0]?.key ?? []).map((_, at) => new Set(theirs.changed.map(({ key }) => key[at] ?? null)));
  const cellsOf = (column: string, which: 'expected' | 'actual') =>
    new Set<Cell>(theirs.changed.filter((one) => one.column === column).map((one) => one[which]));
  return {
    ...mine,
    missing: rows(mine.missing),
    extra: rows(mine.extra),
    changed: inOrder(mine.changed, ({ key, column, expected, actual }) => ({
      key: key.map((cell, at) => hide(cell, keys[at])),
      column,
      expected: hide(expected, cellsOf(column, 'expected')),
      actual: hide(actual, cellsOf(column, 'actual')),
    })),
  };
}

function valuesAt({ missing, extra }: TableDifference, at: number): ReadonlySet<Cell> {
  return new Set([...missing, ...extra].map((row) => row[at] ?? null));
}

/** Rows that were ordered by what varies are ordered by what is left. */
function inOrder<T>(rows: readonly T[], map: (row: T) => T): readonly T[] {
  const texts = rows.map((row) => {
    const mapped = map(row);
    return { mapped, text: JSON.stringify(mapped), isNew: JSON.stringify(row) !== JSON.stringify(mapped) };
  });
  const ordered = texts.some(({ isNew }) => isNew) ? texts.toSorted((a, b) => compareText(a.text, b.text)) : texts;
  return ordered.map(({ mapped }) => mapped);
}
