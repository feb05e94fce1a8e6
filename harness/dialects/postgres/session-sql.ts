/** The statements of a session's writes, and the order of keys. */
import type { Cell, Row } from '../../core/dataset.ts';
import type { LaterWrite, NamedCells } from '../../core/later-write.ts';
import type { RankedColumn, Returning } from '../../core/session.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';

/** Names a parameter for a cell, which is for that column. */
export type Bind = (cell: Cell, column: string) => string;

interface Sent {
  readonly sql: string;
  readonly params: Row;
}

/** Asked for each row that was written: a transaction that wrote none gets no id. */
const TRANSACTION_ID = 'pg_catalog.pg_current_xact_id()::text';

/** The write as one statement; it returns what is asked for, and at last the transaction's id. */
export function writeSql(write: LaterWrite, returning: Returning): Sent {
  const params: Cell[] = [];
  const bind = (cell: Cell): string => `$${params.push(cell)}`;
  return { sql: `${changeSql(write, bind)} RETURNING ${returnedSql(returning)}, ${TRANSACTION_ID}`, params };
}

function returnedSql({ columns, condition }: Returning): string {
  const holds = condition === null ? `'1'` : `CASE WHEN (${condition}) THEN '1' ELSE '0' END`;
  return [...columns.map(quoteIdentifier), holds].join(', ');
}

/**
 * The same, and before the transaction's id that of the version which the write replaces. The row is locked for it first: whoever waits for another
 * writer sees the version which that one left.
 */
export function linkedWriteSql(write: LaterWrite, returning: Returning, bind: Bind, where: 'query' | 'block'): string {
  const told = (before: string): string =>
    where === 'query'
      ? `RETURNING ${returnedSql(returning)}, ${before}, ${TRANSACTION_ID}`
      : `RETURNING ${jsonSql(returning, before)}, ${TRANSACTION_ID}, ${write.op === 'delete' ? 'NULL' : `${write.table}.xmin::text`}`;
  if (write.op === 'insert') return `${changeSql(write, bind)} ${told('NULL::text')}`;
  const sets =
    write.op === 'delete'
      ? ''
      : ` SET ${write.columns.map((name, at) => `${quoteIdentifier(name)} = ${bind(write.row[at] ?? null, name)}`).join(', ')}`;
  const head = write.op === 'delete' ? `DELETE FROM ${write.table} USING` : `UPDATE ${write.table}${sets} FROM`;
  const condition = whereSql(write.key, bind);
  const old = `(SELECT xmin::text AS palindrome_before FROM ${write.table} WHERE ${condition} FOR UPDATE) palindrome_old`;
  return `${head} ${old} WHERE ${condition} ${told('palindrome_old.palindrome_before')}`;
}

/** The same cells as one JSON text: each as the server sends it, which a cast to text is not for every type. */
function jsonSql({ columns, condition }: Returning, before: string): string {
  const cells = columns
    .map(quoteIdentifier)
    .map((name) => `CASE WHEN ${name} IS NULL THEN NULL ELSE pg_catalog.concat(${name}) END`);
  const holds = condition === null ? `'1'` : `CASE WHEN (${condition}) THEN '1' ELSE '0' END`;
  return `pg_catalog.json_build_array(${[...cells, holds, before].join(', ')})::text`;
}

/** The committed rows with what is asked for of each, and the id that each version keeps of its transaction. */
export function versionsSql(table: string, returning: Returning): string {
  return `SELECT ${returnedSql(returning)}, xmin::text FROM ${table}`;
}

function changeSql(write: LaterWrite, bind: Bind): string {
  if (write.op === 'insert') {
    const names = write.columns.map(quoteIdentifier).join(', ');
    return `INSERT INTO ${write.table} (${names}) OVERRIDING SYSTEM VALUE VALUES (${write.row.map((cell, at) => bind(cell, write.columns[at] ?? '')).join(', ')})`;
  }
  if (write.op === 'delete') return `DELETE FROM ${write.table} WHERE ${whereSql(write.key, bind)}`;
  const sets = write.columns.map((name, at) => `${quoteIdentifier(name)} = ${bind(write.row[at] ?? null, name)}`);
  return `UPDATE ${write.table} SET ${sets.join(', ')} WHERE ${whereSql(write.key, bind)}`;
}

function whereSql({ columns, row }: NamedCells, bind: Bind): string {
  return columns
    .map((name, at) => {
      const cell = row[at] ?? null;
      return cell === null ? `${quoteIdentifier(name)} IS NULL` : `${quoteIdentifier(name)} = ${bind(cell, name)}`;
    })
    .join(' AND ');
}

/** A query for the place of each key, in the order in which they are given as JSON text (`$1`): types and collations are those of the table. */
export function rankSql(table: string, columns: readonly RankedColumn[]): string {
  const order = columns
    .map(({ column, direction, nulls }) => {
      const place = nulls === null ? '' : ` NULLS ${nulls.toUpperCase()}`;
      return `(r.k).${quoteIdentifier(column)} ${direction.toUpperCase()}${place}`;
    })
    .join(', ');
  return (
    `SELECT (pg_catalog.dense_rank() OVER (ORDER BY ${order}) - 1)::text\n` +
    `FROM (SELECT pg_catalog.json_populate_record(null::${table}, e.value) AS k, e.ordinality AS n\n` +
    `      FROM pg_catalog.json_array_elements($1::json) WITH ORDINALITY e) r ORDER BY r.n`
  );
}

/** The parameter of `rankSql`. */
export function rankedKeys(columns: readonly RankedColumn[], keys: readonly Row[]): string {
  return JSON.stringify(
    keys.map((key) => Object.fromEntries(columns.map(({ column }, at) => [column, key[at] ?? null]))),
  );
}

/** For each backend those that it waits for. */
export function blockersSql(pids: readonly number[]): string {
  return (
    `SELECT p::text, pg_catalog.array_to_string(pg_catalog.pg_blocking_pids(p), ',') ` +
    `FROM pg_catalog.unnest(ARRAY[${pids.join(', ')}]::int[]) p`
  );
}

/** What a session that stays is opened with, beside the exact text of values. */
export function deadlockSetting(ms: number, scope: 'SESSION' | 'LOCAL' = 'SESSION'): string {
  return `SET ${scope} deadlock_timeout = ${quoteLiteral(`${ms}ms`)}`;
}
