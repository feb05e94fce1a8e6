import type { Dataset } from '../../harness/core/dataset.ts';
import { insertSql } from '../../harness/dialects/postgres/load-sql.ts';

/** A dataset as one text in one transaction, for ways that have no loading of their own. */
export function loadSql({ tables }: Dataset): string {
  const inserts = tables.flatMap(({ table, columns, rows }) => insertSql(table, columns, rows) ?? []);
  return ['BEGIN', ...inserts, 'COMMIT'].join(';\n');
}
