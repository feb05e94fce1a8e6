/** `values-survive`: columns, keys and edges that are there before and after U keep their values, or follow a declared map. */
import type { Row } from '../harness/core/dataset.ts';
import type { Finding, JudgementContext, Property, TableDifference } from '../harness/core/property.ts';
import type { Table } from '../harness/core/schema.ts';
import { findColumn, findTable } from '../harness/core/schema-lookup.ts';
import type { Snapshot, TableState } from '../harness/core/snapshot.ts';
import { momentOf } from '../harness/core/trace.ts';
import { isSameCell, isSameValue } from './compare/cells.ts';
import { lossProjections, withoutDeclaredLosses } from './compare/declared-loss.ts';
import { mentionedDataObligations } from './compare/obligations.ts';
import { rowFinding } from './compare/state.ts';
import { diffTable, rowIdentity, toleranceOf } from './compare/tables.ts';

const WHEN = 'after up';

export const valuesSurvive: Property = {
  id: 'values-survive',
  title: 'Existing values survive the up script',
  law: 'π(U(d)) = π(d) over the columns that are there before and after',
  clauses: [
    {
      id: 'values',
      law: 'Every column that is there before and after keeps every value exactly, or follows its declared map.',
    },
    { id: 'rows', law: 'No row of an existing table appears or disappears undeclared.' },
    { id: 'references', law: 'Every foreign-key edge still leads to the same parent.' },
    { id: 'untouched', law: 'A table that U does not mention is the same.' },
  ],
  scenario: 'standard',
  needs: 'after-up',
  quantifier: 'every-case',
  inapplicable: ({ model }) => (model.tables.length === 0 ? 'there is no table before this migration' : null),
  projections: (of) => [...lossProjections(of), ...mapProjections(of)],
  obligations: mentionedDataObligations,
  judge(trace, context) {
    const before = momentOf(trace, 'before')?.snapshot;
    const after = momentOf(trace, 'after-up');
    if (before === undefined || after?.step == null)
      return { status: 'unjudged', reason: 'the up script was not reached' };
    if (after.step.outcome.status !== 'completed')
      return { status: 'unjudged', reason: 'the up script did not complete' };
    const findings = context.model.tables.flatMap((table) => judgeTable(table, before, after.snapshot, context));
    return findings.length === 0 ? { status: 'held', notes: [] } : { status: 'falsified', findings };
  },
};

function judgeTable(table: Table, before: Snapshot, after: Snapshot, context: JudgementContext): Finding[] {
  const old = before.tables.get(table.key);
  const now = after.tables.get(table.key);
  if (old === undefined || now === undefined || old.digest === now.digest) return [];
  const difference = compareTable(table, old, now, before, context);
  if (difference === null) return [];
  if (!context.mentioned.has(table.key) && sameColumns(old, now)) {
    return [withWayOut(rowFinding('untouched', difference, `${WHEN}, which does not mention it`), difference)];
  }
  return splitByClause(table, difference).map(([clause, part]) => withWayOut(rowFinding(clause, part, WHEN), part));
}

function sameColumns(old: TableState, now: TableState): boolean {
  return old.columns.length === now.columns.length && old.columns.every((column) => now.columns.includes(column));
}

/** The difference over shared columns, without what types, maps, row declarations and declared losses permit. */
function compareTable(
  table: Table,
  old: TableState,
  now: TableState,
  before: Snapshot,
  context: JudgementContext,
): TableDifference | null {
  const found = diffTable(old, now, toleranceOf(context));
  if (found === null) return null;
  const pairable = old.primaryKey.length > 0 && old.primaryKey.every((column) => found.columns.includes(column));
  const difference = pairable ? repair(found, old, now, before, context) : dropEqualRows(found, old, now);
  const declared = context.migration.declarations.rowChanges.some(
    ({ table: name }) => name === '*' || findTable(context.model, name)?.key === table.key,
  );
  const rows = declared ? { ...difference, missing: [], extra: [] } : difference;
  if (rows.missing.length + rows.extra.length + rows.changed.length === 0 && old.rows !== null && now.rows !== null)
    return null;
  return withoutDeclaredLosses(rows, before, context);
}

/** Pairs rows whose key reads differently under another type, and drops cells that are equal as values or follow a declared map. */
function repair(
  found: TableDifference,
  old: TableState,
  now: TableState,
  before: Snapshot,
  context: JudgementContext,
): TableDifference {
  const rest = dropEqualRows(found, old, now);
  const changed = rest.changed.filter(({ key, column, expected, actual }) => {
    const mapped = mappedValue(found.table, column, key, before, context);
    const types = [typeOf(old, column), typeOf(now, column)] as const;
    if (mapped !== undefined)
      return !(
        isSameCell(mapped, actual, toleranceOf(context).clock) || isSameValue(mapped, types[0], actual, `${types[1]} `)
      );
    return !isSameValue(expected, types[0], actual, types[1]);
  });
  return { ...rest, changed };
}

function dropEqualRows(found: TableDifference, old: TableState, now: TableState): TableDifference {
  const isSame = (a: Row, b: Row): boolean =>
    found.columns.every((column, at) =>
      isSameValue(a[at] ?? null, typeOf(old, column), b[at] ?? null, typeOf(now, column)),
    );
  const extra = [...found.extra];
  const missing = found.missing.filter((row) => {
    const twin = extra.findIndex((other) => isSame(row, other));
    if (twin !== -1) extra.splice(twin, 1);
    return twin === -1;
  });
  return { ...found, missing, extra };
}

function typeOf(state: TableState, column: string): string {
  return state.types[state.columns.indexOf(column)] ?? '';
}

/** What a declared map says the cell must hold; undefined where no map speaks of it. */
function mappedValue(
  table: string,
  column: string,
  key: Row,
  before: Snapshot,
  context: JudgementContext,
): string | null | undefined {
  const map = context.migration.declarations.maps.find((entry) => {
    const found = findColumn(context.model, entry.column);
    return found?.table.key === table && found.column === column;
  });
  if (map === undefined) return undefined;
  const projection = before.projections.find((entry) => entry.table === table && entry.sql === map.as);
  return projection?.values.find((entry) => rowIdentity(entry.key) === rowIdentity(key))?.value;
}

function splitByClause(table: Table, difference: TableDifference): [string, TableDifference][] {
  const keyColumns = new Set(table.foreignKeys.flatMap((key) => key.columns));
  const edges = difference.changed.filter((cell) => keyColumns.has(cell.column));
  const values = difference.changed.filter((cell) => !keyColumns.has(cell.column));
  const parts: [string, TableDifference][] = [];
  if (values.length > 0) parts.push(['values', { ...difference, missing: [], extra: [], changed: values }]);
  if (edges.length > 0) parts.push(['references', { ...difference, missing: [], extra: [], changed: edges }]);
  if (difference.missing.length + difference.extra.length > 0 || parts.length === 0) {
    const isSwap =
      table.primaryKey.length === 0 &&
      difference.missing.length > 0 &&
      difference.extra.length === difference.missing.length;
    parts.push([isSwap ? 'values' : 'rows', { ...difference, changed: [] }]);
  }
  return parts;
}

function withWayOut(finding: Finding, difference: TableDifference): Finding {
  const [cell] = difference.changed;
  const wayOut =
    cell === undefined
      ? `-- palindrome: rows ${difference.table} because <why rows come or go>`
      : `-- palindrome: map ${difference.table}.${cell.column} = <SQL over the old row> because <the rule>`;
  return { ...finding, wayOut };
}

/** The cells that maps must be compared with, asked for before U. */
function mapProjections(context: Pick<JudgementContext, 'migration' | 'model'>): { table: string; sql: string }[] {
  return context.migration.declarations.maps.flatMap((map) => {
    const found = findColumn(context.model, map.column);
    return found === undefined ? [] : [{ table: found.table.key, sql: map.as }];
  });
}
