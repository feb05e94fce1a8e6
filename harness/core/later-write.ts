/**
 * Writes of an application that already runs on the new schema, between an up and its down. Plain data: they are stored with a
 * counterexample, reduced one by one, and run again.
 */
import type { Parameters } from './evidence.ts';
import type { Dataset, Row } from './dataset.ts';

/** Cells by column. */
export interface NamedCells {
  readonly columns: readonly string[];
  readonly row: Row;
}

/** One row put in, changed or removed; a row that is there already is found by its primary key. */
export type LaterWrite =
  | { readonly op: 'insert'; readonly table: string; readonly columns: readonly string[]; readonly row: Row }
  | {
      readonly op: 'update';
      readonly table: string;
      readonly key: NamedCells;
      readonly columns: readonly string[];
      readonly row: Row;
    }
  | { readonly op: 'delete'; readonly table: string; readonly key: NamedCells };

/** The writes as a JSON value. */
export function parametersOf(writes: readonly LaterWrite[]): Parameters {
  return { writes: writes as unknown as Parameters };
}

/** The writes that parameters hold; null: they hold none. */
export function writesIn(parameters: Parameters): readonly LaterWrite[] | null {
  if (typeof parameters !== 'object' || parameters === null || !('writes' in parameters)) return null;
  return parameters['writes'] as unknown as readonly LaterWrite[];
}

/** The inserts among writes: those with the same columns as rows of one table. */
export function datasetOf(writes: readonly LaterWrite[]): Dataset {
  const tables = new Map<string, { table: string; columns: readonly string[]; rows: Row[] }>();
  for (const each of writes) {
    if (each.op !== 'insert') continue;
    const id = JSON.stringify([each.table, each.columns]);
    const entry = tables.get(id) ?? { table: each.table, columns: each.columns, rows: [] };
    entry.rows.push(each.row);
    tables.set(id, entry);
  }
  return { tables: [...tables.values()] };
}
