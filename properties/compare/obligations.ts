/**
 * What a campaign must have seen before "held" says anything about data.
 */
import type { JudgementContext, Obligation } from '../../harness/core/property.ts';
import type { Column, ColumnType, Table } from '../../harness/core/schema.ts';
import type { Snapshot } from '../../harness/core/snapshot.ts';

/** For every table that the scripts mention: a row in it, a NULL in each nullable column, and a microsecond where the type admits one. */
export function mentionedDataObligations(context: JudgementContext): readonly Obligation[] {
  return context.model.tables.filter((table) => context.mentioned.has(table.key)).flatMap(tableObligations);
}

/** A row in any table at all, where the schema has tables. */
export function anyRowObligation(context: JudgementContext): readonly Obligation[] {
  const tables = context.model.tables.filter((table) => table.notInsertable === null);
  if (tables.length === 0) return [];
  return [
    {
      id: 'a row in any table',
      isMet: (before) => tables.some((table) => (before.tables.get(table.key)?.rowCount ?? 0) > 0),
    },
  ];
}

function tableObligations(table: Table): readonly Obligation[] {
  const row = {
    id: `a row in ${table.key}`,
    isMet: (before: Snapshot) => (before.tables.get(table.key)?.rowCount ?? 0) > 0,
  };
  return [row, ...table.columns.flatMap((column) => columnObligations(table, column))];
}

function columnObligations(table: Table, column: Column): readonly Obligation[] {
  if (isConstrained(table, column)) return [];
  const obligations: Obligation[] = [];
  if (column.isNullable) {
    obligations.push({
      id: `a NULL in ${table.key}.${column.name}`,
      isMet: (before) => hasCell(before, table, column, (cell) => cell === null),
    });
  }
  if (hasMicroseconds(column.type)) {
    obligations.push({
      id: `a fraction finer than a millisecond in ${table.key}.${column.name}`,
      isMet: (before) => hasCell(before, table, column, (cell) => cell !== null && /\.\d{3}\d*[1-9]/.test(cell)),
    });
  }
  return obligations;
}

/** Checks, triggers, keys and partitions may rule such values out: then their absence proves nothing. */
function isConstrained(table: Table, column: Column): boolean {
  return (
    column.generated !== null ||
    column.type.kind === 'unsupported' ||
    table.triggers.length > 0 ||
    table.primaryKey.includes(column.name) ||
    table.checks.some((check) => check.columns.includes(column.name) || check.columns.length === 0) ||
    table.foreignKeys.some((key) => key.match !== 'simple' && key.columns.includes(column.name)) ||
    (table.partitioning?.columns.includes(column.name) ?? false) ||
    (column.type.kind === 'domain' && column.type.isNotNull)
  );
}

function hasMicroseconds(type: ColumnType): boolean {
  return (type.kind === 'timestamp' || type.kind === 'time') && type.precision === 6;
}

function hasCell(before: Snapshot, table: Table, column: Column, test: (cell: string | null) => boolean): boolean {
  const state = before.tables.get(table.key);
  const at = state?.columns.indexOf(column.name) ?? -1;
  return at !== -1 && (state?.rows?.some((row) => test(row[at] ?? null)) ?? false);
}
