/**
 * The statement that broke a promise: the scripts are run up to each of their statements, from the end backwards, each time on the same rows
 * in a new clone, until the promise still stands. It is decided for lost values and rows, and for objects of the schema that differ; a failure
 * for which no state tells, or a script that cannot be run in part, is left without a culprit.
 */
import { diffCatalogs } from '../core/catalog.ts';
import type { Cell, Dataset, Row } from '../core/dataset.ts';
import type { Statement } from '../core/dialect.ts';
import { placeAt } from '../core/errors.ts';
import type { ScriptExcerpt } from '../core/explanation.ts';
import type { Direction, Script } from '../core/migration.ts';
import type { Finding, PropertyId, TableDifference } from '../core/property.ts';
import type { Snapshot, TableState } from '../core/snapshot.ts';
import type { StatementRef } from '../core/trace.ts';
import { splitScript } from '../core/split-script.ts';
import { maxRowsPerTable, preparationsAt, type Subject } from './subject.ts';

/** More statements than that are not run one by one. */
const MOST_STATEMENTS = 24;
const LINES_AROUND = 2;

export interface Culprit {
  readonly direction: Direction;
  readonly statement: StatementRef;
  readonly excerpt: ScriptExcerpt;
}

interface Step {
  readonly direction: Direction;
  readonly script: Script;
  readonly statements: readonly Statement[];
  /** Statements of `script` that run, from 1. */
  readonly count: number;
}

/** Null where none can be named. */
export async function findCulprit(
  subject: Subject,
  property: PropertyId,
  finding: Finding,
  dataset: Dataset,
): Promise<Culprit | null> {
  const isBroken = brokenBy(property, finding);
  if (isBroken === null || subject.bench === null) return null;
  const steps = await stepsOf(subject, property);
  if (steps.length === 0 || steps.length > MOST_STATEMENTS) return null;
  const before = await stateAfter(subject, dataset, null);
  if (before === null || isBroken(before, before)) return null;
  for (const [at, step] of [...steps.entries()].toReversed()) {
    const state = await stateAfter(subject, dataset, step);
    if (state === null) return null;
    if (isBroken(before, state)) continue;
    const next = steps[at + 1];
    return next === undefined ? null : culpritOf(next);
  }
  const [first] = steps;
  return first === undefined ? null : culpritOf(first);
}

async function stepsOf({ migration, planned }: Subject, property: PropertyId): Promise<readonly Step[]> {
  const directions: readonly Direction[] = property === 'rollback-restores' ? ['up', 'down'] : ['up'];
  const steps: Step[] = [];
  for (const direction of directions) {
    const script = migration[direction];
    if (script === null) return [];
    const statements = await splitScript(script, planned.dialect).catch(() => []);
    for (let count = 1; count <= statements.length; count++) steps.push({ direction, script, statements, count });
  }
  return steps;
}

/** The state after the rows, the whole up where the step is one of the down, and the step; null where something does not run. */
async function stateAfter(subject: Subject, dataset: Dataset, step: Step | null): Promise<Snapshot | null> {
  const { bench, planned, migration, model, index } = subject;
  if (bench === null) return null;
  const database = await bench.clone();
  bench.left(null);
  await database.load(dataset, model);
  for (const { sql } of preparationsAt(planned.set, planned.preparations, index)) await database.run(sql);
  if (step !== null) {
    const whole = step.direction === 'down' ? [migration.up] : [];
    for (const script of [...whole, prefixOf(step)]) {
      const outcome = await database.execute(script, planned.limits);
      if (outcome.status !== 'completed') return null;
    }
  }
  return database.capture({ maxRowsPerTable, projections: [] });
}

/** The script up to a statement, in the transaction mode of the whole. A transaction of its own that is open there is committed. */
function prefixOf({ script, statements, count }: Step): Script {
  const last = statements[count - 1];
  if (last === undefined || count === statements.length) return script;
  const end = last.offset + last.text.length;
  const control = statements
    .slice(0, count)
    .findLast(({ text }) => /^\s*(?:begin|start\s+transaction|commit|end|rollback)\b/i.test(text));
  const isOpen = control !== undefined && /^\s*(?:begin|start)\b/i.test(control.text);
  const chunks = script.chunks.flatMap(({ offset, text }) => {
    if (offset >= end) return [];
    const isLast = offset + text.length >= end;
    return [{ offset, text: `${text.slice(0, end - offset)}${isLast && isOpen ? ';\nCOMMIT;' : ''}` }];
  });
  return { ...script, chunks };
}

function culpritOf({ direction, script, statements, count }: Step): Culprit | null {
  const statement = statements[count - 1];
  if (statement === undefined) return null;
  const { line, column } = placeAt(script.file, script.text, statement.offset);
  const lines = script.text.split(/\r?\n/);
  const to = line + statement.text.trimEnd().split('\n').length - 1;
  const isBlank = (at: number): boolean => (lines[at - 1] ?? '').trim() === '';
  let firstLine = Math.max(1, line - LINES_AROUND);
  while (firstLine < line && isBlank(firstLine)) firstLine++;
  let lastLine = Math.min(lines.length, to + LINES_AROUND);
  while (lastLine > to && isBlank(lastLine)) lastLine--;
  return {
    direction,
    statement: { file: script.file, number: count, of: statements.length, line, column, text: statement.text },
    excerpt: {
      file: script.file,
      firstLine,
      lines: lines.slice(firstLine - 1, lastLine).map((text) => text.trimEnd()),
      from: line,
      to,
    },
  };
}

type IsBroken = (before: Snapshot, state: Snapshot) => boolean;

/** How a state shows that the promise is broken; null where no single state does. */
function brokenBy(property: PropertyId, finding: Finding): IsBroken | null {
  const isRollback = property === 'rollback-restores';
  if (!isRollback && property !== 'values-survive') return null;
  const [change] = finding.catalogChanges;
  if (isRollback && finding.clause === 'schema' && change !== undefined) {
    const wanted = JSON.stringify(change);
    return (before, state) =>
      diffCatalogs(before.catalog, state.catalog).some((each) => JSON.stringify(each) === wanted);
  }
  const [difference] = finding.tableDifferences;
  const [cell] = difference?.changed ?? [];
  if (difference === undefined || (isRollback && finding.clause !== 'data')) return null;
  if (cell !== undefined) {
    const values = difference.changed.filter(({ column }) => column === cell.column).map(({ expected }) => expected);
    return (before, state) => !holdsValues(before, state, difference.table, cell.column, values);
  }
  return difference.missing.length === 0 ? null : (before, state) => !holdsRows(before, state, difference);
}

/** Whether some column still holds the values: the same one, one of that name elsewhere, or one that was not there before. */
function holdsValues(
  before: Snapshot,
  state: Snapshot,
  table: string,
  column: string,
  values: readonly Cell[],
): boolean {
  return [...state.tables.values()].some((now) =>
    now.columns.some((name, at) => {
      const isNew = !(before.tables.get(now.table)?.columns.includes(name) ?? false);
      const isPlace = (now.table === table && name === column) || name === column || isNew;
      return isPlace && containsAll(now.rows?.map((row) => row[at] ?? null) ?? [], values);
    }),
  );
}

function containsAll(have: readonly Cell[], wanted: readonly Cell[]): boolean {
  const left = [...have];
  return wanted.every((cell) => {
    const at = left.indexOf(cell);
    if (at !== -1) left.splice(at, 1);
    return at !== -1;
  });
}

/** Whether the rows still stand in the table, or in one that was not there before, as far as it has their columns. */
function holdsRows(before: Snapshot, state: Snapshot, { table, columns, missing }: TableDifference): boolean {
  return [...state.tables.values()].some(
    (now) =>
      (now.table === table || !before.tables.has(now.table)) &&
      missing.every((row) => now.rows?.some((other) => agrees(columns, row, now, other)) ?? true),
  );
}

function agrees(columns: readonly string[], row: Row, now: TableState, other: Row): boolean {
  const shared = columns.flatMap((name, at) => {
    const there = now.columns.indexOf(name);
    return there === -1 ? [] : [(row[at] ?? null) === (other[there] ?? null)];
  });
  return shared.length > 0 && shared.every(Boolean);
}
