/**
 * Runs scripts as their layout's tool would.
 *
 * - `autocommit`: as `sqlite3 -bail db < script`: each statement commits alone, the script's own BEGIN and COMMIT are
 *   honoured, the first error ends the session, and an open transaction is lost with it.
 * - `implicit`: the same on SQLite, whose drivers run a text of several statements one after the other.
 * - `wrapped`: BEGIN, every statement, COMMIT; ROLLBACK at the first error. `PRAGMA foreign_keys` does nothing inside
 *   a transaction, which is SQLite's own rule and stays true here.
 */
import { PalindromeError, placeAt } from '../../core/errors.ts';
import type { Script } from '../../core/migration.ts';
import type { DatabaseFault, ScriptOutcome, StatementRef } from '../../core/trace.ts';
import { allowDoubleQuotedStrings } from './double-quoted-strings.ts';
import { faultOf } from './faults.ts';
import type { Connection } from './home.ts';
import { splitStatements } from './split.ts';

interface PlannedStatement {
  readonly text: string;
  /** In the script's text. */
  readonly offset: number;
}

/** A script, split once and run many times. */
export interface ScriptPlan {
  readonly script: Script;
  readonly statements: readonly PlannedStatement[];
  /** Whether the script may leave something in its session, or see what an earlier one left. */
  readonly needsNewSession: boolean;
  /** Why the rest of the script cannot be split, after its whole statements; null: it can. */
  readonly unfinished: { readonly message: string; readonly offset: number } | null;
}

/**
 * Whether SQL mentions what belongs to a session: everything else that SQLite keeps is in the database. A superset does no harm:
 * it costs a new connection.
 */
export function touchesSession(sql: string): boolean {
  return /\b(?:pragma|temp|temporary|attach|detach|last_insert_rowid|changes|total_changes)\b/i.test(sql);
}

class Unfinished extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Splits a script. Throws `PalindromeError` `sqlite-shell-command` for a line that only the shell understands. */
export function planScript(script: Script): ScriptPlan {
  const statements: PlannedStatement[] = [];
  try {
    for (const chunk of script.chunks) {
      const found = splitStatements(chunk.text, (code, message, offset, hint) => {
        const place = placeAt(script.file, script.text, chunk.offset + offset);
        if (code === 'sql-syntax') throw new Unfinished(message, chunk.offset + offset);
        throw new PalindromeError(code, message, { place, ...(hint === undefined ? {} : { hint }) });
      });
      statements.push(...found.map(({ text, offset }) => ({ text, offset: chunk.offset + offset })));
    }
  } catch (error) {
    if (!(error instanceof Unfinished)) throw error;
    const unfinished = { message: error.message, offset: error.offset };
    return { script, statements, needsNewSession: true, unfinished };
  }
  return { script, statements, needsNewSession: touchesSession(script.text), unfinished: null };
}

/**
 * Runs the plan's statements, at most `upTo` of them where it is given. Calls `mark` before each with its number from 1,
 * and with 0 at the end. Rolls back what is left open. `inside` runs last in the transaction of a `wrapped` script.
 */
export function executeScript(
  connection: Connection,
  plan: ScriptPlan,
  upTo: number | null,
  mark: (statement: number) => void,
  inside: string | null = null,
): ScriptOutcome {
  const startedAt = performance.now();
  const elapsed = (): number => Math.round(performance.now() - startedAt);
  const failed = (fault: DatabaseFault, at: StatementRef | null): ScriptOutcome => {
    if (connection.inTransaction) connection.exec('ROLLBACK');
    return { status: 'failed', fault, at, durationMs: elapsed() };
  };
  const isWrapped = plan.script.transaction === 'wrapped';
  if (isWrapped) connection.exec('BEGIN');
  const statements = upTo === null ? plan.statements : plan.statements.slice(0, upTo);
  for (const [index, statement] of statements.entries()) {
    mark(index + 1);
    const fault = runStatement(connection, statement.text);
    if (fault !== null) return failed(fault, refTo(plan, index));
  }
  mark(0);
  if (plan.unfinished !== null) return failed(unfinishedFault(plan.unfinished.message), refToUnfinished(plan));
  if (isWrapped) {
    const spoilt = inside === null ? null : runStatement(connection, inside);
    if (spoilt !== null) return failed(spoilt, null);
    const fault = runStatement(connection, 'COMMIT');
    if (fault !== null) return failed(fault, null);
  }
  if (connection.inTransaction) connection.exec('ROLLBACK');
  return { status: 'completed', statements: plan.statements.length, durationMs: elapsed() };
}

/** Runs every statement of `sql`; the first fault ends it. An open transaction is rolled back. */
export function runStatements(connection: Connection, sql: string): DatabaseFault | null {
  const statements = splitStatements(sql, (code, message) => {
    throw new PalindromeError(code, message);
  });
  let fault: DatabaseFault | null = null;
  for (const statement of statements) {
    fault = runStatement(connection, statement.text);
    if (fault !== null) break;
  }
  if (connection.inTransaction) connection.exec('ROLLBACK');
  return fault;
}

/** Where statement `index` (from 0) of the plan stands. */
export function refTo(plan: ScriptPlan, index: number): StatementRef | null {
  const statement = plan.statements[index];
  return statement === undefined ? null : makeRef(plan, index, statement.offset, statement.text);
}

function refToUnfinished(plan: ScriptPlan): StatementRef | null {
  if (plan.unfinished === null) return null;
  const { offset } = plan.unfinished;
  return makeRef(plan, plan.statements.length, offset, plan.script.text.slice(offset));
}

function makeRef(plan: ScriptPlan, index: number, offset: number, text: string): StatementRef {
  const { file, line, column } = placeAt(plan.script.file, plan.script.text, offset);
  const of = plan.statements.length + (plan.unfinished === null ? 0 : 1);
  return { file, number: index + 1, of, line, column, text };
}

/** Runs one statement; null: it completed. */
export function runStatement(connection: Connection, text: string): DatabaseFault | null {
  try {
    connection.exec(text);
    return null;
  } catch (error) {
    const rewritten = allowDoubleQuotedStrings(connection, text, error);
    if (rewritten === null) return faultOf(connection, text, error);
    try {
      connection.exec(rewritten);
      return null;
    } catch (second) {
      return faultOf(connection, rewritten, second);
    }
  }
}

function unfinishedFault(message: string): DatabaseFault {
  return {
    code: 'SQLITE_ERROR',
    class: 'syntax',
    message,
    detail: null,
    hint: null,
    constraint: null,
    table: null,
    column: null,
  };
}
