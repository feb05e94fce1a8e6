/**
 * Hashes of a table's rows as a multiset: the order of rows and of columns does not matter.
 */
import type { Row } from '../../core/dataset.ts';
import { sha256 } from '../../core/hash.ts';
import { compareText } from '../../core/text.ts';
import { quoteIdentifier } from './quote.ts';

/** The hash of rows that were read. `columns` are the names of the cells. */
export function digestRows(columns: readonly string[], rows: readonly Row[]): string {
  const order = columns.map((_, index) => index).toSorted((a, b) => compareText(columns[a] ?? '', columns[b] ?? ''));
  const lines = rows.map((row) => JSON.stringify(order.map((index) => row[index] ?? null)));
  lines.sort(compareText);
  return sha256(`${JSON.stringify(columns.toSorted(compareText))}\n${lines.join('\n')}`);
}

/**
 * A query that hashes a table inside the server, for tables too large to read: count and three sums over
 * 60-bit parts of each row's hash. Its result row is turned into a digest by `digestSums`.
 */
export function digestSql(from: string, columns: readonly string[]): string {
  const cells = columns.toSorted(compareText).map((name) => `t.${quoteIdentifier(name)}`);
  return (
    `SELECT count(*)::text, ${sumSql(1)}, ${sumSql(16)} ` +
    `FROM (SELECT md5(ROW(${cells.join(', ')})::text) AS h FROM ${from} t) hashes`
  );
}

function sumSql(at: number): string {
  return `coalesce(sum(('x' || substr(h, ${at}, 15))::bit(60)::bigint), 0)::text`;
}

/** The digest behind a result row of `digestSql`. */
export function digestSums(columns: readonly string[], sums: Row): string {
  return sha256(JSON.stringify([columns.toSorted(compareText), sums]));
}
