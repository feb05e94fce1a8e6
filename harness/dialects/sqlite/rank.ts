/** The order of keys, by the collations of the columns that they come from. */
import type { Row } from '../../core/dataset.ts';
import type { RankedColumn } from '../../core/session.ts';
import type { Connection } from './home.ts';
import { quoteIdentifier, quoteName, quoteText } from './quote.ts';

const PROBE = 'palindrome_order';

/** The place of each key, from 0; equal for keys that are equal to the database. */
export function rankKeys(
  connection: Connection,
  table: string,
  columns: readonly RankedColumn[],
  keys: readonly Row[],
): readonly number[] {
  if (keys.length === 0) return [];
  const collations = collationsOf(connection, table, columns);
  const order = columns
    .map(({ direction, nulls }, at) => {
      const place = nulls === null ? '' : ` NULLS ${nulls.toUpperCase()}`;
      return `column${at + 2} COLLATE ${quoteName(collations[at] ?? 'BINARY')} ${direction.toUpperCase()}${place}`;
    })
    .join(', ');
  const rows = keys.map((key, at) => `(${[at, ...columns.map((_, place) => key[place] ?? 'NULL')].join(', ')})`);
  return connection
    .prepare(`SELECT dense_rank() OVER (ORDER BY ${order}) - 1 FROM (VALUES ${rows.join(', ')}) ORDER BY column1`)
    .pluck()
    .all() as number[];
}

/** SQLite tells a column's collation only through an index on it: one is made, and undone. */
function collationsOf(connection: Connection, table: string, columns: readonly RankedColumn[]): readonly string[] {
  const names = columns.map(({ column }) => quoteIdentifier(column)).join(', ');
  connection.exec(`BEGIN IMMEDIATE; CREATE INDEX ${PROBE} ON ${table} (${names})`);
  try {
    return connection
      .prepare(`SELECT coll FROM pragma_index_xinfo(${quoteText(PROBE)}) WHERE key ORDER BY seqno`)
      .pluck()
      .all() as string[];
  } finally {
    connection.exec('ROLLBACK');
  }
}
