/**
 * Splits a script into statements by SQLite's own rule (`sqlite3_complete`): a statement ends at a semicolon, and a
 * trigger at the semicolon after an END that itself follows one. The rule needs no grammar and no counting of CASEs,
 * and columns named `begin` or `end` do not confuse it. Whether a statement is SQL at all is left to the database.
 *
 * No grammar from the registry does this better: the SQLite grammars there lag behind the engine, refuse what it accepts,
 * carry licences that a library cannot pass on, or are too young to rest on.
 */
import type { Script } from '../../core/migration.ts';
import type { Statement } from '../../core/dialect.ts';
import { PalindromeError, placeAt } from '../../core/errors.ts';
import { isMark, isWord, tokenize } from './tokens.ts';
import type { Token } from './tokens.ts';

/**
 * The statements of a script, in order. Throws `PalindromeError` with a place: `sql-syntax` for a string, name or comment
 * that never ends and for a statement that begins as none of SQLite's does, `sqlite-shell-command` for a line that only the `sqlite3` shell understands (`.read`, `.mode`).
 */
export function splitScript(script: Pick<Script, 'file' | 'text'>): Statement[] {
  const complain: Complain = (code, message, offset, hint) => {
    throw new PalindromeError(code, message, {
      place: placeAt(script.file, script.text, offset),
      ...(hint === undefined ? {} : { hint }),
    });
  };
  const statements = splitStatements(script.text, complain);
  const stranger = statements.find(({ command }) => !COMMANDS.has(command));
  if (stranger !== undefined) {
    const [words = ''] = /^\S+(?:\s+\S+)?/.exec(stranger.text) ?? [];
    complain('sql-syntax', `No SQLite statement begins with "${words}".`, stranger.offset);
  }
  return statements;
}

/** How SQLite's statements begin, as `commandOf` gives it. */
const COMMANDS: ReadonlySet<string> = new Set(
  (
    'CREATE TABLE,CREATE INDEX,CREATE VIEW,CREATE TRIGGER,CREATE VIRTUAL TABLE,DROP TABLE,DROP INDEX,DROP VIEW,DROP TRIGGER,' +
    'ALTER TABLE,INSERT,REPLACE,UPDATE,DELETE,SELECT,VALUES,PRAGMA,BEGIN,COMMIT,ROLLBACK,SAVEPOINT,RELEASE,' +
    'ATTACH,DETACH,ANALYZE,REINDEX,VACUUM,EXPLAIN'
  ).split(','),
);

type Complain = (code: string, message: string, offset: number, hint?: string) => never;

/** As `splitScript`, for SQL without a file: what is wrong goes to `complain`, with its offset in `sql`. */
export function splitStatements(sql: string, complain: Complain): Statement[] {
  const statements: Statement[] = [];
  let current: Token[] = [];
  const finish = (): void => {
    const statement = toStatement(sql, current);
    if (statement !== null) statements.push(statement);
    current = [];
  };
  for (const token of tokenize(sql)) {
    if (token.isUnterminated) complain('sql-syntax', `This ${describe(token)} never ends.`, token.start);
    if (current.length === 0 && isMark(token, '.') && startsLine(sql, token.start))
      complainOfShell(sql, token, complain);
    if (isMark(token, ';') && !isInsideTrigger(current)) finish();
    else current.push(token);
  }
  finish();
  return statements;
}

function toStatement(sql: string, tokens: readonly Token[]): Statement | null {
  const first = tokens[0];
  const last = tokens.at(-1);
  if (first === undefined || last === undefined) return null;
  return {
    text: sql.slice(first.start, last.end),
    offset: first.start,
    command: commandOf(tokens),
    copyData: null,
  };
}

/** Whether a semicolon after these tokens belongs to a trigger's body. */
function isInsideTrigger(tokens: readonly Token[]): boolean {
  if (!isTrigger(tokens)) return false;
  const beforeLast = tokens.at(-2);
  if (isWord(tokens.at(-1), 'END') && (isMark(beforeLast, ';') || isWord(beforeLast, 'BEGIN'))) return false;
  return tokens.some((token) => isWord(token, 'BEGIN'));
}

function isTrigger(tokens: readonly Token[]): boolean {
  let at = skipExplain(tokens);
  if (!isWord(tokens[at], 'CREATE')) return false;
  at++;
  if (isWord(tokens[at], 'TEMP', 'TEMPORARY')) at++;
  return isWord(tokens[at], 'TRIGGER');
}

function skipExplain(tokens: readonly Token[]): number {
  if (!isWord(tokens[0], 'EXPLAIN')) return 0;
  return isWord(tokens[1], 'QUERY') && isWord(tokens[2], 'PLAN') ? 3 : 1;
}

/** The leading keywords that tell what a statement does: `CREATE TABLE` (also TEMP), `INSERT`, `UPDATE` (also after WITH), `COMMIT` (also END). */
export function commandOf(tokens: readonly Token[]): string {
  const first = tokens[0];
  if (first?.kind !== 'word') return '';
  switch (first.value) {
    case 'CREATE': {
      const rest = tokens.slice(1, 4).filter((token) => !isWord(token, 'TEMP', 'TEMPORARY', 'UNIQUE'));
      return isWord(rest[0], 'VIRTUAL') ? 'CREATE VIRTUAL TABLE' : `CREATE ${rest[0]?.value ?? ''}`.trimEnd();
    }
    case 'ALTER':
    case 'DROP':
      return `${first.value} ${tokens[1]?.value ?? ''}`.trimEnd();
    case 'END':
      return 'COMMIT';
    case 'WITH':
      return mainVerb(tokens);
    default:
      return first.value;
  }
}

function mainVerb(tokens: readonly Token[]): string {
  let depth = 0;
  for (const token of tokens) {
    if (isMark(token, '(')) depth++;
    else if (isMark(token, ')')) depth--;
    else if (depth === 0 && isWord(token, 'SELECT', 'VALUES', 'INSERT', 'REPLACE', 'UPDATE', 'DELETE'))
      return token.value;
  }
  return 'WITH';
}

function describe(token: Token): string {
  if (token.kind === 'comment') return 'comment';
  return token.kind === 'name' ? 'quoted name' : token.kind;
}

function startsLine(sql: string, offset: number): boolean {
  return offset === 0 || sql[offset - 1] === '\n';
}

function complainOfShell(sql: string, token: Token, complain: Complain): never {
  const command = /^\.\w*/.exec(sql.slice(token.start))?.[0] ?? '.';
  return complain(
    'sqlite-shell-command',
    `\`${command}\` is a command of the sqlite3 shell, not SQL.`,
    token.start,
    'Write it as SQL: a migration that needs the shell cannot be run through a driver.',
  );
}
