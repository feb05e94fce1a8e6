/**
 * Rows of an older schema brought to the one that is there now: what is gone is left out, what is new gets its default or NULL.
 */
import type { Dataset, TableRows } from '../core/dataset.ts';
import type { SchemaModel } from '../core/schema.ts';
import { count } from '../core/text.ts';

/** Rows that fit the schema's tables and columns, and what had to be done to them: sentences. */
export interface RebasedDataset {
  readonly dataset: Dataset;
  readonly changes: readonly string[];
}

/** Leaves the rows as they are where every table and column is still there. Whether the schema takes them, only the database knows. */
export function rebaseDataset(dataset: Dataset, model: SchemaModel): RebasedDataset {
  const changes: string[] = [];
  const tables: TableRows[] = [];
  for (const given of dataset.tables) {
    const table = model.tables.find(({ key }) => key === given.table);
    if (table === undefined) {
      changes.push(`${given.table} is gone: its ${count(given.rows.length, 'row')} were left out`);
      continue;
    }
    const gone = given.columns.filter((column) => !table.columns.some(({ name }) => name === column));
    if (gone.length === 0) {
      tables.push(given);
      continue;
    }
    changes.push(`${gone.map((column) => `${given.table}.${column}`).join(', ')}: gone, left out`);
    const kept = given.columns.flatMap((column, at) => (gone.includes(column) ? [] : [at]));
    if (kept.length === 0) continue;
    tables.push({
      table: given.table,
      columns: kept.map((at) => given.columns[at] ?? ''),
      rows: given.rows.map((row) => kept.map((at) => row[at] ?? null)),
    });
  }
  return { dataset: changes.length === 0 ? dataset : { tables }, changes };
}
