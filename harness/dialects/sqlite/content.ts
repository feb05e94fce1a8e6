/**
 * Everything that a database file holds, as one digest: the schema's text and every value of every row, with its row id.
 */
import { createHash } from 'node:crypto';
import type { Database as Connection } from 'better-sqlite3';
import { literalSql, quoteName } from './quote.ts';
import { hold } from './native-objects.ts';

export interface Content {
  readonly digest: string;
  readonly tables: number;
  readonly rows: number;
}

/** Reads the whole content in one transaction. The same content in the same order gives the same digest, whatever page it stands on. */
export function readContent(connection: Connection): Content {
  const hash = createHash('sha256');
  const isOutside = !connection.inTransaction;
  if (isOutside) connection.exec('BEGIN');
  try {
    const entries = connection
      .prepare('SELECT type, name, tbl_name, sql FROM main.sqlite_schema ORDER BY type, name')
      .raw()
      .all() as [string, string, string, string | null][];
    for (const pragma of ['user_version', 'application_id', 'encoding'])
      hash.update(`${pragma} ${String(connection.pragma(pragma, { simple: true }))}\n`);
    hash.update(JSON.stringify(entries));
    // A virtual table's content is in the tables that it keeps, which are listed by themselves.
    const tables = entries.filter(([type, , , sql]) => type === 'table' && !/^\s*create\s+virtual/i.test(sql ?? ''));
    let rows = 0;
    for (const [, name] of tables) rows += hashTable(connection, name, (line) => hash.update(line));
    return { digest: hash.digest('hex'), tables: tables.length, rows };
  } finally {
    if (isOutside) connection.exec('ROLLBACK');
  }
}

function hashTable(connection: Connection, table: string, add: (line: string) => void): number {
  const columns = connection.pragma(`main.table_info(${quoteName(table)})`) as readonly { readonly name: string }[];
  const cells = columns.map(({ name }) => literalSql(quoteName(name), true));
  add(`\n${JSON.stringify([table, columns.map(({ name }) => name)])}\n`);
  const from = `main.${quoteName(table)}`;
  const rowid = ['_rowid_', 'rowid', 'oid'].find(
    (name) => !columns.some((column) => column.name.toLowerCase() === name),
  );
  let rows = 0;
  for (const row of iterate(connection, cells, rowid, from)) {
    rows++;
    add(`${JSON.stringify(row)}\n`);
  }
  return rows;
}

function iterate(
  connection: Connection,
  cells: readonly string[],
  rowid: string | undefined,
  from: string,
): Iterable<unknown> {
  if (rowid !== undefined) {
    try {
      const sql = `SELECT CAST(${rowid} AS TEXT), ${cells.join(', ')} FROM ${from} NOT INDEXED ORDER BY ${rowid}`;
      return hold(connection.prepare(sql).raw().iterate());
    } catch {
      // A table WITHOUT ROWID: its own order is that of its key.
    }
  }
  return hold(
    connection
      .prepare(`SELECT ${cells.join(', ')} FROM ${from}`)
      .raw()
      .iterate(),
  );
}
