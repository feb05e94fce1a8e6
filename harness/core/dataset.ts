/**
 * Rows as exact text. A value never passes through a JavaScript number or Date.
 */

/**
 * One value, exactly; null is SQL NULL.
 * PostgreSQL: the type's output text under fixed settings (UTC, ISO dates, `extra_float_digits` 1, hex bytea).
 * SQLite: the SQL literal that `quote()` gives, which tells the storage class (`12`, `1.5`, `'text'`, `X'00ff'`).
 */
export type Cell = string | null;

export type Row = readonly Cell[];

/** Rows to insert into one table. Only the listed columns are given; the others get their defaults. */
export interface TableRows {
  /** `Table.key`. */
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** Rows for the tables of one schema, in an order in which parents come before children where there is such an order. */
export interface Dataset {
  readonly tables: readonly TableRows[];
}

export const EMPTY_DATASET: Dataset = { tables: [] };

/** How many rows a dataset has. */
export function countRows(dataset: Dataset): number {
  return dataset.tables.reduce((sum, table) => sum + table.rows.length, 0);
}
