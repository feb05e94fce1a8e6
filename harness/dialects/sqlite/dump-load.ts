/** Loads what `.dump` writes into memory, and says where it breaks: table, row and constraint, and never a value. */
import { PalindromeError } from '../../core/errors.ts';
import { isConstraintError } from './faults.ts';
import type { Connection } from './home.ts';
import { splitStatements } from './split.ts';

/** What `.dump` writes. Anything else could reach other files. */
const ALLOWED = /^(BEGIN|COMMIT|CREATE (TABLE|INDEX|VIEW|TRIGGER|VIRTUAL TABLE)|INSERT|DELETE|ANALYZE|PRAGMA)$/;
const PRAGMAS = /^PRAGMA\s+(foreign_keys|writable_schema|encoding|user_version|application_id)\b/i;
const TABLE = /^(?:INSERT\s+(?:OR\s+\w+\s+)?INTO)\s+("(?:[^"]|"")+"|[\w$]+)/i;

/** Runs a dump. Throws `dataset-breaks-schema`, `dataset-truncated` or `dataset-not-a-dump`. */
export function loadDump(connection: Connection, text: string, shownAs: string): void {
  const statements = splitStatements(text, (_code, _message, offset) => {
    throw notADump(shownAs, `the statement at line ${lineOf(text, offset)} never ends or is none`);
  });
  if (!statements.some(({ command }) => command === 'CREATE TABLE'))
    throw notADump(shownAs, 'no statement in it creates a table');
  const inserted = new Map<string, number>();
  for (const { text: sql, command, offset } of statements) {
    if (!ALLOWED.test(command) || (command === 'PRAGMA' && !PRAGMAS.test(sql)))
      throw notADump(shownAs, `the ${command || 'statement'} at line ${lineOf(text, offset)} is not what .dump writes`);
    const table = TABLE.exec(sql)?.[1] ?? '';
    const row = (inserted.get(table) ?? 0) + 1;
    inserted.set(table, row);
    try {
      connection.exec(sql);
    } catch (error) {
      const isLast = offset === statements.at(-1)?.offset;
      throw explain(error, { shownAs, table, row, command, line: lineOf(text, offset), isLast });
    }
  }
  if (connection.inTransaction) throw truncated(shownAs, 'its transaction is never committed');
}

interface Place {
  readonly shownAs: string;
  readonly table: string;
  readonly row: number;
  readonly command: string;
  readonly line: number;
  readonly isLast: boolean;
}

/** SQLite's messages about constraints name columns and never values; its messages about syntax quote the text. */
function explain(error: unknown, { shownAs, table, row, command, line, isLast }: Place): PalindromeError {
  if (isConstraintError(error) && error instanceof Error && command === 'INSERT') {
    return new PalindromeError(
      'dataset-breaks-schema',
      `${shownAs} breaks its own schema: row ${row} of ${table} breaks ${error.message.replace(/ constraint failed/, '')}. Nothing of it was used.`,
      { hint: `The statement is at line ${line}. Repair the rows where they come from, and make the dump again.` },
    );
  }
  if (isConstraintError(error))
    return new PalindromeError(
      'dataset-breaks-schema',
      `${shownAs} breaks its own schema: the ${command} at line ${line} finds rows that break it. Nothing of it was used.`,
      { hint: 'Repair the rows where they come from, and make the dump again.' },
    );
  if (isLast) return truncated(shownAs, `it stops in the statement at line ${line}`);
  return notADump(shownAs, `the ${command || 'statement'} at line ${line} fails`);
}

function truncated(shownAs: string, why: string): PalindromeError {
  return new PalindromeError('dataset-truncated', `${shownAs} ends before its end: ${why}.`, {
    hint: 'Make the dump again, or copy it again; nothing of it was used.',
  });
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** The error for a file that is something else. */
export function notADump(shownAs: string, why: string): PalindromeError {
  return new PalindromeError(
    'dataset-not-a-dump',
    `${shownAs} is neither a SQLite database nor a dump of one: ${why}.`,
    {
      hint: 'PostgreSQL: what pg_dump writes, or a URL. SQLite: a database file, or what .dump writes.',
    },
  );
}
