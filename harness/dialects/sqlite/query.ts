/**
 * Questions that must not write.
 */
import type { QueryResult } from '../../core/dialect.ts';
import type { Row } from '../../core/dataset.ts';
import { faultOf } from './faults.ts';
import type { Connection } from './home.ts';
import { hold } from './native-objects.ts';
import { literalSql, quoteText } from './quote.ts';
import { splitStatements } from './split.ts';

/** Answers one query. A statement that could write, or that returns no rows, is refused without being run. */
export function runQuery(connection: Connection, sql: string, maxRows: number): QueryResult {
  let text = sql;
  try {
    const statements = splitStatements(sql, (_, message) => {
      throw new Error(message);
    });
    const [first, second] = statements;
    if (first === undefined || second !== undefined) return refused('A query is exactly one statement.');
    text = first.text;
    const statement = connection.prepare(text);
    if (!statement.readonly || !statement.reader) return refused('A query must not write.');
    const columns = statement.columns().map(({ name }) => name);
    return { status: 'rows', columns, ...readLiterals(connection, text, first.command, columns.length, maxRows) };
  } catch (error) {
    return { status: 'failed', fault: faultOf(connection, text, error) };
  }
}

function readLiterals(
  connection: Connection,
  sql: string,
  command: string,
  width: number,
  maxRows: number,
): { readonly rows: readonly Row[]; readonly rowCount: number } {
  const rows: Row[] = [];
  let rowCount = 0;
  for (const row of literalRows(connection, sql, command, width)) {
    rowCount++;
    if (rows.length < maxRows) rows.push(row);
  }
  return { rows, rowCount };
}

function literalRows(connection: Connection, sql: string, command: string, width: number): Iterable<Row> {
  if (command === 'SELECT' || command === 'VALUES') {
    const names = Array.from({ length: width }, (_, index) => `c${index}`);
    const cells = names.map((name) => literalSql(name, true));
    const wrapped = `WITH palindrome_query(${names.join(', ')}) AS (${sql}\n) SELECT ${cells.join(', ')} FROM palindrome_query`;
    return hold(connection.prepare(wrapped).raw().iterate()) as Iterable<Row>;
  }
  // PRAGMA and EXPLAIN cannot stand inside another query; they return integers and texts.
  const found = connection.prepare(sql).raw().safeIntegers().all() as (string | bigint | number | null)[][];
  return found.map((row) =>
    row.map((cell) => (cell === null ? null : typeof cell === 'string' ? quoteText(cell) : String(cell))),
  );
}

function refused(message: string): QueryResult {
  const none = { detail: null, hint: null, constraint: null, table: null, column: null };
  return { status: 'failed', fault: { code: 'SQLITE_READONLY', class: 'permission', message, ...none } };
}
