/**
 * Rows of an older schema brought to the one that is there now: what is gone is left out, what is new gets its default or NULL, and where it
 * may have neither, a value that is legal there.
 */
import type { Cell, Dataset, TableRows } from '../core/dataset.ts';
import type { Column, SchemaModel, Table } from '../core/schema.ts';
import { count } from '../core/text.ts';

/** Rows that fit the schema's tables and columns, and what had to be done to them: sentences. */
export interface RebasedDataset {
  readonly dataset: Dataset;
  readonly changes: readonly string[];
  /** Whether nothing was left out: then what holds of the rows holds of those that were stored. */
  readonly isWhole: boolean;
}

/** Legal values of a column, as different as they are wanted. */
export type LegalCells = (table: string, column: string) => readonly Cell[];

/** Leaves the rows as they are where every table and column is still there. Whether the schema takes them, only the database knows. */
export function rebaseDataset(dataset: Dataset, model: SchemaModel, legalCells: LegalCells = () => []): RebasedDataset {
  const changes: string[] = [];
  const tables: TableRows[] = [];
  let isWhole = true;
  for (const given of dataset.tables) {
    const table = model.tables.find(({ key }) => key === given.table);
    if (table === undefined) {
      isWhole = false;
      changes.push(`${given.table} is gone: its ${count(given.rows.length, 'row')} were left out`);
      continue;
    }
    const gone = given.columns.filter((column) => !table.columns.some(({ name }) => name === column));
    if (gone.length > 0) {
      isWhole = false;
      changes.push(`${gone.map((column) => `${given.table}.${column}`).join(', ')}: gone, left out`);
    }
    const kept = gone.length === 0 ? given : without(given, gone);
    const filled = kept === null ? null : fillRequired(kept, table, legalCells);
    if (filled === null) continue;
    changes.push(...filled.changes);
    tables.push(filled.rows);
  }
  return { dataset: changes.length === 0 ? dataset : { tables }, changes, isWhole };
}

function without(given: TableRows, gone: readonly string[]): TableRows | null {
  const kept = given.columns.flatMap((column, at) => (gone.includes(column) ? [] : [at]));
  if (kept.length === 0) return null;
  return {
    table: given.table,
    columns: kept.map((at) => given.columns[at] ?? ''),
    rows: given.rows.map((row) => kept.map((at) => row[at] ?? null)),
  };
}

/** Columns that must have a value and that nothing else gives one. */
function fillRequired(
  given: TableRows,
  table: Table,
  legalCells: LegalCells,
): { readonly rows: TableRows; readonly changes: readonly string[] } {
  const missing = table.columns.filter((column) => isRequired(column) && !given.columns.includes(column.name));
  const fillings = missing.flatMap(({ name }) => {
    const cells = legalCells(table.key, name).filter((cell) => cell !== null);
    return cells.length === 0 ? [] : [{ name, cells }];
  });
  if (fillings.length === 0) return { rows: given, changes: [] };
  return {
    rows: {
      table: given.table,
      columns: [...given.columns, ...fillings.map(({ name }) => name)],
      rows: given.rows.map((row, at) => [...row, ...fillings.map(({ cells }) => cells[at % cells.length] ?? null)]),
    },
    changes: fillings.map(({ name }) => `${given.table}.${name}: new and required, filled with values that are legal`),
  };
}

function isRequired({ isNullable, defaultSql, generated, identity, isAutoNumbered }: Column): boolean {
  return !isNullable && defaultSql === null && generated === null && identity === null && !isAutoNumbered;
}
