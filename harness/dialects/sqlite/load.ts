/**
 * Inserts a dataset in one transaction, with foreign keys checked at its end, so that cycles fit.
 *
 * The fast way is one INSERT a table. Where anything is refused, or rows vanish (a trigger's RAISE(IGNORE), a REPLACE),
 * the transaction is rolled back and the rows are tried one by one; rows without their parents are left out and the
 * attempt repeated, until what is left stands.
 */
import type { Dataset, Row, TableRows } from '../../core/dataset.ts';
import type { DatabaseFault } from '../../core/trace.ts';
import { faultOf } from './faults.ts';
import type { Connection, Home } from './home.ts';
import { foldName } from './normal-form.ts';
import { primaryKeyOf } from './capture.ts';
import type { RefusedRow } from './protocol.ts';
import { quoteIdentifier, quoteName } from './quote.ts';
import { findTable } from './schema.ts';
import type { RawForeignKey, RawSchema, RawTable, SchemaCache } from './schema.ts';

/** Rows of one INSERT; more make the statement's text, not the work, the cost. */
const ROWS_AT_ONCE = 500;

/** Inserts the dataset; says which of its rows are not in the database afterwards. */
export function loadDataset(home: Home, schemas: SchemaCache, dataset: Dataset): RefusedRow[] {
  const schema = schemas.read(home);
  const { connection } = home;
  if (loadAtOnce(connection, schema, dataset)) return [];
  const refused = new Map<string, RefusedRow>();
  // Each attempt leaves out at least one more row, so this ends.
  while (!loadOneByOne(connection, schema, dataset, refused));
  return [...refused.values()].toSorted((a, b) => a.table - b.table || a.row - b.row);
}

function loadAtOnce(connection: Connection, schema: RawSchema, dataset: Dataset): boolean {
  const mayLoseRows = schema.entries.some(({ type, sql }) => type === 'trigger' || /\bconflict\b/i.test(sql ?? ''));
  begin(connection);
  try {
    for (const table of dataset.tables) {
      const before = mayLoseRows ? countRows(connection, table.table) : 0;
      let inserted = 0;
      for (const sql of insertStatements(table)) inserted += connection.prepare(sql).run().changes;
      const after = mayLoseRows ? countRows(connection, table.table) : inserted;
      if (inserted !== table.rows.length || after - before !== table.rows.length) return false;
    }
    connection.exec('COMMIT');
    return true;
  } catch {
    return false;
  } finally {
    if (connection.inTransaction) connection.exec('ROLLBACK');
  }
}

function begin(connection: Connection): void {
  connection.exec('BEGIN; PRAGMA defer_foreign_keys = ON');
}

function countRows(connection: Connection, table: string): number {
  return connection.prepare(`SELECT count(*) FROM main.${table}`).pluck().get() as number;
}

/** `INSERT`s for all rows of a table; rows that give no column at all need one each. */
function insertStatements(table: TableRows): string[] {
  if (table.columns.length === 0) return table.rows.map((row) => insertSql(table, [row]));
  const statements: string[] = [];
  for (let at = 0; at < table.rows.length; at += ROWS_AT_ONCE) {
    statements.push(insertSql(table, table.rows.slice(at, at + ROWS_AT_ONCE)));
  }
  return statements;
}

function insertSql(table: TableRows, rows: readonly Row[]): string {
  const target = `INSERT INTO main.${table.table}`;
  if (table.columns.length === 0) return `${target} DEFAULT VALUES`;
  const values = rows.map((row) => `(${row.map((cell) => cell ?? 'NULL').join(', ')})`);
  return `${target} (${table.columns.map(quoteIdentifier).join(', ')}) VALUES ${values.join(', ')}`;
}

/** One attempt with all rows that are not refused yet. True: committed. False: more rows were refused, and nothing was kept. */
function loadOneByOne(
  connection: Connection,
  schema: RawSchema,
  dataset: Dataset,
  refused: Map<string, RefusedRow>,
): boolean {
  const known = refused.size;
  const placed: Placed[] = [];
  begin(connection);
  try {
    for (const [table, rows] of dataset.tables.entries()) {
      for (const [row, cells] of rows.rows.entries()) {
        const id = `${table}/${row}`;
        if (refused.has(id)) continue;
        const result = insertRow(connection, rows, cells);
        if ('fault' in result) refused.set(id, { table, row, fault: result.fault });
        else placed.push({ id, table, row, cells, rows, rowid: result.rowid });
        // ON CONFLICT ROLLBACK and RAISE(ROLLBACK) take everything with them: start over without this row.
        if (!connection.inTransaction) return false;
      }
    }
    for (const each of placed) {
      const fault = faultAtEnd(connection, schema, each);
      if (fault !== 'none') refused.set(each.id, { table: each.table, row: each.row, fault });
    }
    // A statement that failed left nothing, so its row being refused changes nothing for the others.
    if (refused.size > known && placed.some(({ id }) => refused.has(id))) return false;
    connection.exec('COMMIT');
    return true;
  } finally {
    if (connection.inTransaction) connection.exec('ROLLBACK');
  }
}

interface Placed {
  readonly id: string;
  readonly table: number;
  readonly row: number;
  readonly cells: Row;
  readonly rows: TableRows;
  readonly rowid: string;
}

function insertRow(
  connection: Connection,
  table: TableRows,
  row: Row,
): { readonly rowid: string } | { readonly fault: DatabaseFault | null } {
  const sql = insertSql(table, [row]);
  try {
    const { changes, lastInsertRowid } = connection.prepare(sql).safeIntegers().run();
    return changes === 0 ? { fault: null } : { rowid: lastInsertRowid.toString() };
  } catch (error) {
    return { fault: faultOf(connection, sql, error) };
  }
}

/** Why a row cannot stay: its parent is missing, or it is gone already (null: without a fault). */
function faultAtEnd(connection: Connection, schema: RawSchema, placed: Placed): DatabaseFault | null | 'none' {
  const table = schema.tables.find(({ key }) => key === placed.rows.table);
  if (table === undefined) return 'none';
  const condition = conditionFor(table, placed);
  if (condition === null) return 'none';
  const isThere = connection.prepare(`SELECT 1 FROM main.${placed.rows.table} WHERE ${condition}`).pluck().get();
  if (isThere === undefined) return null;
  if (connection.prepare('PRAGMA foreign_keys').pluck().get() !== 1) return 'none';
  const orphaned = table.foreignKeys.find((key) => isOrphan(connection, schema, table, key, condition));
  return orphaned === undefined ? 'none' : foreignKeyFault(table, orphaned);
}

/** A condition that finds the row again; null where nothing identifies it. */
function conditionFor(table: RawTable, placed: Placed): string | null {
  if (!table.isWithoutRowid) {
    const hidden = ['rowid', 'oid', '_rowid_'].find((name) =>
      table.columns.every((column) => foldName(column.name) !== name),
    );
    return hidden === undefined ? null : `${hidden} = ${placed.rowid}`;
  }
  const terms = primaryKeyOf(table).map((name) => {
    const at = placed.rows.columns.findIndex((column) => foldName(column) === foldName(name));
    const cell = placed.cells[at];
    return cell === undefined || cell === null ? null : `${quoteName(name)} = ${cell}`;
  });
  return terms.includes(null) ? null : terms.join(' AND ');
}

function isOrphan(
  connection: Connection,
  schema: RawSchema,
  table: RawTable,
  key: RawForeignKey,
  condition: string,
): boolean {
  const parent = findTable(schema, key.refTable);
  if (parent === undefined) return false;
  const target = key.refColumns ?? primaryKeyOf(parent);
  const filled = key.columns.map((name) => `child.${quoteName(name)} IS NOT NULL`);
  const matching = target.map(
    (name, index) => `parent.${quoteName(name)} = child.${quoteName(key.columns[index] ?? '')}`,
  );
  const sql = `SELECT 1 FROM (SELECT * FROM main.${table.key} WHERE ${condition}) AS child WHERE ${filled.join(' AND ')}
    AND NOT EXISTS (SELECT 1 FROM main.${parent.key} AS parent WHERE ${matching.join(' AND ')})`;
  return connection.prepare(sql).pluck().get() !== undefined;
}

function foreignKeyFault(table: RawTable, key: RawForeignKey): DatabaseFault {
  return {
    code: 'SQLITE_CONSTRAINT_FOREIGNKEY',
    class: 'foreign-key',
    message: 'FOREIGN KEY constraint failed',
    detail: `${table.key} (${key.columns.join(', ')}) refers to a row of ${quoteIdentifier(key.refTable)} that is not there`,
    hint: null,
    constraint: `${table.name}(${key.columns.join(', ')})`,
    table: table.name,
    column: key.columns.length === 1 ? (key.columns[0] ?? null) : null,
  };
}
