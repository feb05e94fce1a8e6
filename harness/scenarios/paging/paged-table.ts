/** A pager's table, identity and order, found in the schema of a state. */
import type { Pager } from '../../core/pager.ts';
import { findTable, splitName } from '../../core/schema-lookup.ts';
import type { SchemaModel, Table } from '../../core/schema.ts';
import type { RankedColumn } from '../../core/session.ts';

export interface PagedTable {
  readonly pager: Pager;
  readonly table: Table;
  /** Names without quotes, as are those of `key`. */
  readonly identity: readonly string[];
  readonly key: readonly RankedColumn[];
}

/** The pager in that schema; a sentence: why it cannot be turned there. */
export function findPaged(model: SchemaModel, pager: Pager): PagedTable | string {
  const table = findTable(model, pager.table);
  if (table === undefined) return `the table ${pager.table} of the pager "${pager.id}" is not there`;
  const identity = (pager.identity ?? table.primaryKey).map((name) => columnOf(table, name) ?? '');
  const key = pager.key.map(({ column, direction, nulls }) => ({
    column: columnOf(table, column) ?? '',
    direction,
    nulls,
  }));
  if (identity.length === 0) return `${table.key} has no primary key, and the pager "${pager.id}" no \`identity\``;
  const names = [...(pager.identity ?? []), ...pager.key.map(({ column }) => column)];
  const missing = names.find((name) => columnOf(table, name) === null);
  if (missing !== undefined) return `${table.key} has no column ${missing}, which the pager "${pager.id}" names`;
  return { pager, table, identity, key };
}

/** A column by the name that SQL gives it. */
function columnOf(table: Table, reference: string): string | null {
  const name = splitName(reference).at(-1) ?? reference;
  const names = table.columns.map((column) => column.name);
  return (
    names.find((other) => other === name) ?? names.find((other) => other.toLowerCase() === name.toLowerCase()) ?? null
  );
}
