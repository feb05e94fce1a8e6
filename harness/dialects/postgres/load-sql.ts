/**
 * The statements that put rows in.
 */
import type { Cell, Row } from '../../core/dataset.ts';
import type { TextResult } from './connection.ts';
import type { Unit, UnitTable } from './load-units.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';
import type { SequenceShape } from './structure.ts';

/** A cell as a constant whose type its column decides. */
export function cellSql(cell: Cell): string {
  return cell === null ? 'NULL' : quoteLiteral(cell);
}

/** `INSERT INTO … VALUES …` for some rows of a table, or null for none. */
export function insertSql(table: string, columns: readonly string[], rows: readonly Row[]): string | null {
  if (rows.length === 0) return null;
  // The one INSERT that gives no column takes one row at a time.
  if (columns.length === 0) return `INSERT INTO ${table} DEFAULT VALUES`;
  const names = columns.map(quoteIdentifier).join(', ');
  const tuples = rows.map((row) => `(${row.map(cellSql).join(', ')})`);
  return `INSERT INTO ${table} (${names}) OVERRIDING SYSTEM VALUE VALUES ${tuples.join(',\n')}`;
}

/**
 * One statement for chosen rows of a unit; `insertedRows` reads how many went in from its result.
 * Rows that refer to each other are checked together at its end, whatever the constraints' deferrability.
 */
export function insertUnitSql(unit: Unit, rows: readonly (readonly Row[])[]): string {
  const parts = unit.tables.flatMap((table, index) => insertParts(table, rows[index] ?? []));
  // A plain INSERT also works for tables with rules, which WITH refuses.
  if (parts.length === 1) return parts[0] ?? '';
  const ctes = parts.map((insert, index) => `i${index} AS (${insert} RETURNING 1)`);
  const counts = parts.map((_, index) => `(SELECT count(*) FROM i${index})`);
  return `WITH ${ctes.join(',\n')} SELECT ${counts.join(' + ')}`;
}

/** How many rows a statement of `insertUnitSql` put in. */
export function insertedRows({ columns, rows, rowCount }: TextResult): number {
  return columns.length === 0 ? rowCount : Number(rows[0]?.[0] ?? 0);
}

function insertParts(table: UnitTable, rows: readonly Row[]): string[] {
  const columns = table.written.map((index) => table.columns[index] ?? '');
  const written = rows.map((row) => table.written.map((index) => row[index] ?? null));
  const batches = columns.length === 0 ? written.map((row) => [row]) : [written];
  return batches.flatMap((batch) => insertSql(table.table, columns, batch) ?? []);
}

/** Moves a sequence past what its column holds; does nothing where it already is. */
export function raiseSequenceSql({ name, increment, max, min, ownedBy }: SequenceShape): string | null {
  if (ownedBy === null) return null;
  const isFalling = increment.startsWith('-');
  const column = quoteIdentifier(ownedBy.column);
  const [extreme, bound, limit] = isFalling ? ['min', 'greatest', min] : ['max', 'least', max];
  const comparison = isFalling ? '<=' : '>=';
  return (
    `SELECT pg_catalog.setval(${quoteLiteral(name)}::regclass, ${bound}(v.extreme, ${limit})::bigint) ` +
    `FROM (SELECT ${extreme}(${column})::numeric AS extreme FROM ${ownedBy.table}) v, ${name} s ` +
    `WHERE v.extreme ${comparison} s.last_value + CASE WHEN s.is_called THEN ${increment} ELSE 0 END`
  );
}
