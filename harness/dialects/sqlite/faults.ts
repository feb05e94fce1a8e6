/**
 * Turns an error of SQLite into a fault. Classification goes by the extended result code. Most errors of a migration carry only
 * `SQLITE_ERROR`, though, and SQLite has no code for "already exists" or "does not exist"; for those the database's schema is
 * asked about the names in the statement, at the moment of the failure. The message's text never decides; names of a
 * constraint, table or column are taken from it, since SQLite gives them nowhere else.
 */
import { messageOf } from '../../core/errors.ts';
import type { DatabaseFault, FaultClass } from '../../core/trace.ts';
import type { Connection } from './home.ts';
import { classifyBySchema } from './faults-by-schema.ts';

const CLASS_BY_CODE: Readonly<Record<string, FaultClass>> = {
  SQLITE_CONSTRAINT_NOTNULL: 'not-null',
  SQLITE_CONSTRAINT_UNIQUE: 'unique',
  SQLITE_CONSTRAINT_PRIMARYKEY: 'unique',
  SQLITE_CONSTRAINT_ROWID: 'unique',
  SQLITE_CONSTRAINT_FOREIGNKEY: 'foreign-key',
  SQLITE_CONSTRAINT_CHECK: 'check',
  SQLITE_CONSTRAINT_TRIGGER: 'raised',
  SQLITE_CONSTRAINT_DATATYPE: 'value',
  SQLITE_MISMATCH: 'value',
  SQLITE_TOOBIG: 'value',
  SQLITE_RANGE: 'value',
  SQLITE_INTERRUPT: 'timeout',
  SQLITE_PERM: 'permission',
  SQLITE_AUTH: 'permission',
  SQLITE_READONLY: 'permission',
  SQLITE_LOCKED: 'transaction-state',
  SQLITE_BUSY: 'transaction-state',
};

/** The fault for what the driver threw while `sql` ran on `connection`, whose schema and transaction are still as they were then. */
export function faultOf(connection: Connection, sql: string, thrown: unknown): DatabaseFault {
  const message = messageOf(thrown);
  const code = codeOf(thrown);
  return {
    code: code ?? 'SQLITE_ERROR',
    // An error without a code was thrown by an application's function.
    class: code === null ? 'raised' : (classByCode(code) ?? classifyBySchema(connection, sql)),
    message,
    detail: null,
    hint: null,
    ...namesIn(code, message),
  };
}

/** SQLite's extended result code as a name; null for an error that is not SQLite's. */
function codeOf(thrown: unknown): string | null {
  const code = (thrown as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : null;
}

/** Whether a constraint of the schema refused a row, in words that name no value (a trigger may say anything). */
export function isConstraintError(thrown: unknown): boolean {
  const code = codeOf(thrown);
  return code !== null && code.startsWith('SQLITE_CONSTRAINT') && code !== 'SQLITE_CONSTRAINT_TRIGGER';
}

function classByCode(code: string): FaultClass | null {
  if (code === 'SQLITE_ERROR') return null;
  const found = CLASS_BY_CODE[code];
  if (found !== undefined) return found;
  if (code.startsWith('SQLITE_CONSTRAINT')) return 'other-constraint';
  const primary = CLASS_BY_CODE[code.split('_').slice(0, 2).join('_')];
  return primary ?? 'other';
}

type Names = Pick<DatabaseFault, 'constraint' | 'table' | 'column'>;

const NO_NAMES: Names = { constraint: null, table: null, column: null };

/** `UNIQUE constraint failed: t.a, t.b`, `CHECK constraint failed: name`, `UNIQUE constraint failed: index 'name'`. */
function namesIn(code: string | null, message: string): Names {
  const at = message.indexOf(': ');
  if (code === null || !code.startsWith('SQLITE_CONSTRAINT') || at === -1) return NO_NAMES;
  const named = message.slice(at + 2);
  if (code === 'SQLITE_CONSTRAINT_CHECK') return { ...NO_NAMES, constraint: named };
  if (!/_(NOTNULL|UNIQUE|PRIMARYKEY|ROWID)$/.test(code)) return NO_NAMES;
  const index = /^index '(.*)'$/s.exec(named)?.[1];
  if (index !== undefined) return { ...NO_NAMES, constraint: index };
  const dot = named.indexOf('.');
  if (dot === -1) return NO_NAMES;
  const table = named.slice(0, dot);
  const columns = named.split(', ').map((part) => part.slice(table.length + 1));
  return {
    constraint: columns.length > 1 ? named : null,
    table,
    column: columns.length === 1 ? (columns[0] ?? null) : null,
  };
}
