/**
 * SQLite reads a double-quoted word that names nothing as a string, in every build that does not switch it off. The driver's
 * build does (`SQLITE_DQS=0`), the ones that migrations are usually run with do not; so a statement that the driver refuses
 * is tried again with the quoted words that name nothing in the database turned into strings.
 *
 * Only what fails while it is prepared can be tried again: a view or a trigger with such a string is accepted here and fails
 * when it is used.
 */
import type { Connection } from './home.ts';
import { parseCreateTable } from './create-table.ts';
import { isAlias } from './faults-by-schema.ts';
import { isMark, isWord, nameOf, tokenize } from './tokens.ts';
import type { Token } from './tokens.ts';

/** The statement with strings for such words, if the database then accepts it; null where that changes nothing. */
export function allowDoubleQuotedStrings(connection: Connection, sql: string, error: unknown): string | null {
  if ((error as { code?: unknown }).code !== 'SQLITE_ERROR' || !sql.includes('"') || canPrepare(connection, sql))
    return null;
  const tokens = tokenize(sql);
  const known = new Set([...knownNames(connection), ...ownNames(sql, tokens)]);
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

/** Names that the statement itself makes: the table and columns of a definition, aliases, the subject of a DROP or an ALTER. */
function ownNames(sql: string, tokens: readonly Token[]): string[] {
  const table = parseCreateTable(sql);
  const defined = table === null ? [] : [table.name, ...table.columns.map(({ name }) => name)];
  const beside = tokens.filter((_, index) => isAlias(tokens, index) || isNamePlace(tokens, index)).map(nameOf);
  return [...defined, ...beside].map((name) => name.toLowerCase());
}

/** Where only a name can stand: beside a dot, or after a word that introduces one. */
function isNamePlace(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  if (isMark(before, '.') || isMark(tokens[index + 1], '.')) return true;
  return isWord(before, ...NAME_FOLLOWS);
}

const NAME_FOLLOWS =
  'TABLE INDEX VIEW TRIGGER EXISTS FROM JOIN INTO UPDATE REFERENCES ON TO COLUMN ADD DROP RENAME CONSTRAINT COLLATE SAVEPOINT RELEASE'.split(
    ' ',
  );

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
