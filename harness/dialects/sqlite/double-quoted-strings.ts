/**
 * SQLite reads a double-quoted word that names nothing as a string, in every build that does not switch it off. The driver's
 * build does (`SQLITE_DQS=0`), the ones that migrations are usually run with do not; so a statement that the driver refuses
 * is tried again with the quoted words that name nothing in the database turned into strings.
 *
 * Only what fails while it is prepared can be tried again: a view or a trigger with such a string is accepted here and fails
 * when it is used.
 */
import type { Connection } from './home.ts';
import { tokenize } from './tokens.ts';

/** The statement with strings for such words, if the database then accepts it; null where that changes nothing. */
export function allowDoubleQuotedStrings(connection: Connection, sql: string, error: unknown): string | null {
  if ((error as { code?: unknown }).code !== 'SQLITE_ERROR' || !sql.includes('"') || canPrepare(connection, sql))
    return null;
  const known = knownNames(connection);
  const tokens = tokenize(sql);
  let rewritten = '';
  let copied = 0;
  for (const token of tokens) {
    if (token.kind !== 'name' || !token.text.startsWith('"') || known.has(token.value.toLowerCase())) continue;
    rewritten += `${sql.slice(copied, token.start)}'${token.value.replaceAll("'", "''")}'`;
    copied = token.end;
  }
  if (copied === 0) return null;
  rewritten += sql.slice(copied);
  return canPrepare(connection, rewritten) ? rewritten : null;
}

function canPrepare(connection: Connection, sql: string): boolean {
  try {
    connection.prepare(sql);
    return true;
  } catch {
    return false;
  }
}

function knownNames(connection: Connection): ReadonlySet<string> {
  const names = connection
    .prepare(
      `SELECT lower(name) FROM sqlite_schema
       UNION SELECT lower(c.name) FROM sqlite_schema AS t, pragma_table_xinfo(t.name) AS c WHERE t.type IN ('table', 'view')`,
    )
    .pluck()
    .all();
  return new Set(names.map(String));
}
