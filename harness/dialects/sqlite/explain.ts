/**
 * Plans, read from EXPLAIN QUERY PLAN and never by running the statement.
 */
import type { ExplainResult, ExplainRequest, IndexState } from '../../core/dialect.ts';
import type { PlanNode } from '../../core/evidence.ts';
import { splitName } from '../../core/schema-lookup.ts';
import { faultOf } from './faults.ts';
import type { Connection } from './home.ts';
import { foldName } from './normal-form.ts';
import { quoteIdentifier } from './quote.ts';
import { splitStatements } from './split.ts';
import { tokenize } from './tokens.ts';

/** Marks a `?` among the names of variables. */
const ANONYMOUS = ' ';

/** Explains one statement, with the values of the declared expressions bound; without them, with NULLs. */
export function explainQuery(
  connection: Connection,
  { sql, params }: Pick<ExplainRequest, 'sql' | 'params'>,
): ExplainResult {
  let text = sql;
  try {
    text =
      splitStatements(sql, (_, message) => {
        throw new Error(message);
      })[0]?.text ?? sql;
    const explain = `EXPLAIN QUERY PLAN ${text}`;
    const rows = connection.prepare(explain).all(...bindings(connection, text, params)) as { detail: string }[];
    const nodes = rows.flatMap(({ detail }) => nodeOf(detail));
    return { status: 'explained', plans: [{ kind: 'values', nodes, cost: null }], sql: `${explain};` };
  } catch (error) {
    return { status: 'failed', fault: faultOf(connection, text, error) };
  }
}

/** What better-sqlite3 wants: the values of `?` in order, and an object for those with names; a number (`?2`) is a name there. */
function bindings(connection: Connection, sql: string, params: readonly string[]): unknown[] {
  const variables = tokenize(sql).filter(({ kind }) => kind === 'variable');
  const keys = [...new Set(variables.map(({ text }, at) => (text === '?' ? `${ANONYMOUS}${at}` : text)))];
  const values = params.map((param) => connection.prepare(`SELECT (${param}\n)`).pluck().safeIntegers().get());
  const valueOf = (key: string, at: number): unknown =>
    values[key.startsWith('?') ? Number(key.slice(1)) - 1 : at] ?? null;
  const anonymous = keys.flatMap((key, at) => (isAnonymous(key) ? [values[at] ?? null] : []));
  const named = keys.flatMap((key, at) => (isAnonymous(key) ? [] : [[key.slice(1), valueOf(key, at)] as const]));
  return named.length === 0 ? anonymous : [...anonymous, Object.fromEntries(named)];
}

function isAnonymous(key: string): boolean {
  return key.startsWith(ANONYMOUS);
}

/** `SCAN orders`, `SEARCH o USING COVERING INDEX orders_at (at<?)`, `… USING INTEGER PRIMARY KEY (rowid=?)`. */
function nodeOf(detail: string): PlanNode[] {
  if (!/^(SCAN|SEARCH) /.test(detail)) return [];
  const index = / USING (?:COVERING )?INDEX (.+?)(?: \([^()]*\))?(?: LEFT-JOIN)?$/.exec(detail)?.[1] ?? null;
  return [{ text: detail, index }];
}

/** What is there under these names; an index is always usable. */
export function findIndexes(connection: Connection, names: readonly string[]): readonly IndexState[] {
  const rows = connection.prepare(`SELECT name, tbl_name FROM sqlite_schema WHERE type = 'index'`).raw().all() as [
    string,
    string,
  ][];
  return names.map((asked) => {
    const name = splitName(asked).at(-1) ?? '';
    const found = rows.find(([called]) => foldName(called) === foldName(name));
    return found === undefined
      ? { name: asked, state: 'missing', table: null }
      : { name: asked, state: 'usable', table: quoteIdentifier(found[1]) };
  });
}
