/**
 * Taking declared losses out of a difference: a loss is permitted in the rows for which its condition held before U.
 */
import type { LossDeclaration } from '../../harness/core/declarations.ts';
import type { Row } from '../../harness/core/dataset.ts';
import type { JudgementContext, TableDifference } from '../../harness/core/property.ts';
import { findColumn } from '../../harness/core/schema-lookup.ts';
import type { Snapshot, TableState } from '../../harness/core/snapshot.ts';
import { rowIdentity } from './tables.ts';

/** What to ask of the database before U, so that losses can be judged afterwards. */
export function lossProjections({
  migration,
  model,
}: Pick<JudgementContext, 'migration' | 'model'>): { table: string; sql: string }[] {
  return migration.declarations.lossy.flatMap((loss) => {
    const found = findColumn(model, loss.column);
    return found === undefined || isAlways(loss) ? [] : [{ table: found.table.key, sql: `(${loss.where})` }];
  });
}

/** What a judgement notes where a declared loss was needed: the campaign reports declarations that never were. */
export function neededLossNote({ column }: LossDeclaration): string {
  return `the declared loss of ${column} was needed`;
}

/** The declared losses that permit some of a difference, each by itself. */
export function neededLosses(
  difference: TableDifference,
  before: Snapshot,
  context: JudgementContext,
): readonly LossDeclaration[] {
  const { migration } = context;
  return migration.declarations.lossy.filter((loss) => {
    const declarations = { ...migration.declarations, lossy: [loss] };
    const left = withoutDeclaredLosses(difference, before, { ...context, migration: { ...migration, declarations } });
    return left === null || sizeOf(left) < sizeOf(difference);
  });
}

function sizeOf({ changed, missing, extra }: TableDifference): number {
  return changed.length + missing.length + extra.length;
}

/** The part of a table's difference that no declared loss permits; null where nothing is left. */
export function withoutDeclaredLosses(
  difference: TableDifference,
  before: Snapshot,
  context: JudgementContext,
): TableDifference | null {
  const losses = context.migration.declarations.lossy
    .map((loss) => ({ loss, found: findColumn(context.model, loss.column) }))
    .filter(({ found }) => found?.table.key === difference.table);
  if (losses.length === 0) return difference;
  const state = before.tables.get(difference.table);
  const permits = (column: string | null, key: Row): boolean =>
    losses.some(
      ({ loss, found }) =>
        (found?.column === '*' || found?.column === column) && holdsFor(loss, before, difference.table, key),
    );
  const changed = difference.changed.filter((cell) => !permits(cell.column, cell.key));
  const lossyColumns = new Set(losses.map(({ found }) => found?.column));
  const rows = dropPermittedRows(
    difference,
    lossyColumns,
    (row) => permits('*', keyOf(row, difference, state)) || permitsAny(row),
  );
  function permitsAny(row: Row): boolean {
    return losses.some(({ loss }) => holdsFor(loss, before, difference.table, keyOf(row, difference, state)));
  }
  const left = { ...difference, changed, ...rows };
  return left.changed.length + left.missing.length + left.extra.length === 0 && !isDigestOnly(difference) ? null : left;
}

/** Without a primary key a lossy column shows as a missing and an extra row that agree elsewhere. */
function dropPermittedRows(
  difference: TableDifference,
  lossyColumns: ReadonlySet<string | undefined>,
  permits: (row: Row) => boolean,
): { missing: readonly Row[]; extra: readonly Row[] } {
  const kept = (row: Row): string =>
    rowIdentity(row.map((cell, at) => (lossyColumns.has(difference.columns[at]) ? null : cell)));
  const extra = [...difference.extra];
  const missing = difference.missing.filter((row) => {
    if (!permits(row)) return true;
    if (lossyColumns.has('*')) return false;
    const twin = extra.findIndex((other) => kept(other) === kept(row));
    if (twin === -1) return true;
    extra.splice(twin, 1);
    return false;
  });
  return { missing, extra };
}

function keyOf(row: Row, difference: TableDifference, state: TableState | undefined): Row {
  const key = state?.primaryKey ?? [];
  if (key.length === 0) return row;
  return key.map((column) => row[difference.columns.indexOf(column)] ?? null);
}

function holdsFor(loss: LossDeclaration, before: Snapshot, table: string, key: Row): boolean {
  if (isAlways(loss)) return true;
  const projection = before.projections.find((entry) => entry.table === table && entry.sql === `(${loss.where})`);
  return (
    projection?.values.some((entry) => rowIdentity(entry.key) === rowIdentity(key) && isTrue(entry.value)) ?? false
  );
}

function isAlways(loss: LossDeclaration): boolean {
  return /^(true|1)$/i.test(loss.where.trim());
}

function isTrue(value: string | null): boolean {
  return value === 't' || value === 'true' || value === '1';
}

function isDigestOnly(difference: TableDifference): boolean {
  return difference.changed.length + difference.missing.length + difference.extra.length === 0;
}
