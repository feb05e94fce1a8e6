/**
 * What a plain `SQLITE_ERROR` was about, found by asking the schema for the names that the statement uses.
 */
import type { FaultClass } from '../../core/trace.ts';
import type { Connection } from './home.ts';
import { isKeyword } from './quote.ts';
import { commandOf } from './split.ts';
import { isMark, isWord, nameOf, skipParentheses, tokenize } from './tokens.ts';
import type { Token } from './tokens.ts';

const TRANSACTION_COMMANDS = new Set(['BEGIN', 'COMMIT', 'ROLLBACK', 'SAVEPOINT', 'RELEASE']);

/**
 * In this order: a transaction command is about the transaction; a definition whose name is taken is `already-exists`;
 * a name that is nowhere in the database is `missing-object`, or `missing-function` where
 * nothing but functions is unknown; a statement that still cannot be prepared is `syntax`;
 * one that can failed on the values it met.
 */
export function classifyBySchema(connection: Connection, sql: string): FaultClass {
  const tokens = tokenize(sql);
  const command = commandOf(tokens);
  if (TRANSACTION_COMMANDS.has(command)) return 'transaction-state';
  const names = readNames(connection);
  const definition = classifyDefinition(tokens, command, names);
  if (definition !== null) return definition;
  if (canPrepare(connection, sql)) return command.startsWith('DROP') ? 'dependent-objects' : 'value';
  const unknown = unknownNames(connection, tokens, names);
  if (unknown.length === 0) return 'syntax';
  return unknown.every((index) => isCall(tokens, index)) ? 'missing-function' : 'missing-object';
}

interface Names {
  /** Lower-case name to type: `table`, `view`, `index`; triggers apart, since they have names of their own. */
  readonly objects: ReadonlyMap<string, string>;
  readonly triggers: ReadonlySet<string>;
  /** Lower-case table name to its columns' lower-case names. */
  readonly columns: ReadonlyMap<string, ReadonlySet<string>>;
}

function readNames(connection: Connection): Names {
  const entries = connection
    .prepare(`SELECT type, lower(name) FROM sqlite_schema UNION ALL SELECT type, lower(name) FROM sqlite_temp_schema`)
    .raw()
    .all() as [string, string][];
  const columns = connection
    .prepare(
      `SELECT lower(l.name), lower(c.name) FROM pragma_table_list AS l, pragma_table_xinfo(l.name) AS c WHERE l.type <> 'view'`,
    )
    .raw()
    .all() as [string, string][];
  const byTable = new Map<string, Set<string>>();
  for (const [table, column] of columns) {
    const set = byTable.get(table) ?? new Set();
    byTable.set(table, set.add(column));
  }
  return {
    objects: new Map(entries.filter(([type]) => type !== 'trigger').map(([type, name]) => [name, type])),
    triggers: new Set(entries.filter(([type]) => type === 'trigger').map(([, name]) => name)),
    columns: byTable,
  };
}

function classifyDefinition(tokens: readonly Token[], command: string, names: Names): FaultClass | null {
  const subject = subjectOf(tokens);
  if (subject === null) return null;
  const name = subject.name.toLowerCase();
  if (command.startsWith('CREATE')) {
    const isTaken = command === 'CREATE TRIGGER' ? names.triggers.has(name) : names.objects.has(name);
    return isTaken ? 'already-exists' : null;
  }
  if (command.startsWith('DROP')) {
    const kind = command.slice('DROP '.length).toLowerCase();
    const isThere = kind === 'trigger' ? names.triggers.has(name) : names.objects.get(name) === kind;
    return isThere ? null : 'missing-object';
  }
  return command === 'ALTER TABLE' ? classifyAlter(tokens.slice(subject.next), name, names) : null;
}

/** What follows the table's name: ADD [COLUMN] c, DROP [COLUMN] c, RENAME TO t, RENAME [COLUMN] a TO b. */
function classifyAlter(rest: readonly Token[], table: string, names: Names): FaultClass | null {
  const columns = names.columns.get(table);
  if (columns === undefined) return 'missing-object';
  const words = rest.filter((token, index) => index === 0 || !isWord(token, 'COLUMN'));
  const first = words[1] === undefined ? '' : nameOf(words[1]).toLowerCase();
  const last = words[3] === undefined ? '' : nameOf(words[3]).toLowerCase();
  if (isWord(words[0], 'ADD')) return columns.has(first) ? 'already-exists' : null;
  if (isWord(words[0], 'DROP')) return columns.has(first) ? 'dependent-objects' : 'missing-object';
  if (!isWord(words[0], 'RENAME')) return null;
  if (isWord(words[1], 'TO')) {
    const target = words[2] === undefined ? '' : nameOf(words[2]).toLowerCase();
    return names.objects.has(target) ? 'already-exists' : null;
  }
  if (!columns.has(first)) return 'missing-object';
  return columns.has(last) ? 'already-exists' : null;
}

/** The object that a definition is about, and where the statement goes on after its name. */
function subjectOf(tokens: readonly Token[]): { readonly name: string; readonly next: number } | null {
  let at = tokens.findIndex((token) => isWord(token, 'TABLE', 'INDEX', 'VIEW', 'TRIGGER')) + 1;
  if (at === 0 || at > 4) return null;
  if (isWord(tokens[at], 'IF')) at += isWord(tokens[at + 1], 'NOT') ? 3 : 2;
  if (isMark(tokens[at + 1], '.')) at += 2;
  const token = tokens[at];
  return token === undefined ? null : { name: nameOf(token), next: at + 1 };
}

/** Where names stand that the database does not know. */
function unknownNames(connection: Connection, tokens: readonly Token[], names: Names): number[] {
  const allColumns = new Set([...names.columns.values()].flatMap((set) => [...set]));
  const own = new Set([
    'main',
    'temp',
    'new',
    'old',
    'excluded',
    'rowid',
    'oid',
    '_rowid_',
    'sqlite_master',
    'sqlite_schema',
  ]);
  for (const [index, token] of tokens.entries()) if (isAlias(tokens, index)) own.add(nameOf(token).toLowerCase());
  const functions = new Set(
    connection.prepare('SELECT DISTINCT lower(name) FROM pragma_function_list').pluck().all().map(String),
  );
  return [...tokens.keys()].filter((index) => {
    const token = tokens[index];
    // The first word is a verb, or meant to be one.
    if (index === 0 || token === undefined) return false;
    if (token.kind !== 'name' && !(token.kind === 'word' && !isKeyword(token.text))) return false;
    const name = nameOf(token).toLowerCase();
    if (own.has(name) || names.objects.has(name) || allColumns.has(name)) return false;
    return !(isMark(tokens[index + 1], '(') && functions.has(name));
  });
}

/** A name before a parenthesis, where no table's columns can follow it. */
function isCall(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  const isTable = isMark(before, '.') || isWord(before, 'INTO', 'TABLE', 'REFERENCES', 'ON', 'EXISTS', 'FROM', 'JOIN');
  return isMark(tokens[index + 1], '(') && !isTable;
}

/** Whether the statement itself makes the name: after AS, right after another name or a parenthesis, or before AS ( as in WITH. */
export function isAlias(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  const before = tokens[index - 1];
  if (token === undefined || (token.kind !== 'name' && token.kind !== 'word')) return false;
  if (isWord(before, 'AS')) return true;
  const afterName =
    before?.kind === 'name' || (before?.kind === 'word' && !isKeyword(before.text)) || isMark(before, ')');
  if (afterName && (token.kind === 'name' || !isKeyword(token.text))) return true;
  let next = index + 1;
  if (isMark(tokens[next], '(')) next = skipParentheses(tokens, next);
  return (
    isWord(tokens[next], 'AS') && (isMark(tokens[next + 1], '(') || isWord(tokens[next + 1], 'MATERIALIZED', 'NOT'))
  );
}

function canPrepare(connection: Connection, sql: string): boolean {
  try {
    connection.prepare(sql);
    return true;
  } catch {
    return false;
  }
}
