/**
 * The engine's side of sessions that stay: connections to one file with a write-ahead log, so that readers see what was there when they began
 * while one writer at a time writes. Nobody waits here: who meets the writer is told so, and asks again later.
 */
import type { Statement } from 'better-sqlite3';
import type { Row } from '../../core/dataset.ts';
import type { LaterWrite, NamedCells } from '../../core/later-write.ts';
import type { Returning, SessionAnswer } from '../../core/session.ts';
import { bindable, cellOf } from './bindable.ts';
import { faultOf } from './faults.ts';
import type { Configure, Connection } from './home.ts';
import { hold, openConnection } from './native-objects.ts';
import { literalSql, quoteIdentifier } from './quote.ts';

/** What a session is asked to do. */
export type SessionAction =
  | { readonly do: 'open'; readonly isReadOnly: boolean }
  | { readonly do: 'begin' }
  | { readonly do: 'write'; readonly write: LaterWrite; readonly returning: Returning }
  | { readonly do: 'read'; readonly sql: string; readonly params: Row }
  | { readonly do: 'commit' }
  | { readonly do: 'rollback' }
  | { readonly do: 'close' };

interface Session {
  readonly name: string;
  readonly connection: Connection;
  readonly statements: Map<string, Statement>;
  /** Whether its transaction holds the lock of the one writer. */
  isWriter: boolean;
  hasChanged: boolean;
  /** Commits that its transaction can see; null: it has not looked yet. */
  sees: number | null;
}

const DONE = { status: 'done', columns: [], rows: [], transaction: null, snapshot: null } as const;
const STATEMENTS_KEPT = 200;

/** All sessions of one file. */
export class SessionConnections {
  readonly #file: string;
  readonly #configure: Configure;
  readonly #sessions = new Map<string, Session>();
  #commits = 0;

  constructor(file: string, configure: Configure) {
    this.#file = file;
    this.#configure = configure;
  }

  /** Does one thing. */
  act(name: string, action: SessionAction): SessionAnswer {
    if (action.do === 'open') return this.#open(name, action.isReadOnly);
    const session = this.#sessions.get(name);
    if (session === undefined && action.do === 'close') return DONE;
    if (session === undefined) throw new Error(`There is no session ${name}.`);
    switch (action.do) {
      case 'begin':
        session.connection.exec('BEGIN');
        return DONE;
      case 'write':
        return this.#write(session, action.write, action.returning);
      case 'read':
        return this.#read(session, action.sql, action.params);
      case 'commit':
        return this.#commit(session);
      case 'rollback':
        if (session.connection.inTransaction) session.connection.exec('ROLLBACK');
        forget(session);
        return DONE;
      default:
        this.#close(session);
        return DONE;
    }
  }

  /** Ends every session. */
  close(): void {
    for (const session of this.#sessions.values()) this.#close(session);
  }

  #open(name: string, isReadOnly: boolean): SessionAnswer {
    const connection = openConnection(this.#file, { timeout: 0 });
    this.#configure(connection);
    connection.pragma('journal_mode = WAL');
    if (isReadOnly) connection.pragma('query_only = ON');
    const fresh = { isWriter: false, hasChanged: false, sees: null };
    this.#sessions.set(name, { name, connection, statements: new Map(), ...fresh });
    return DONE;
  }

  #close(session: Session): void {
    this.#sessions.delete(session.name);
    for (const statement of session.statements.values()) hold(statement);
    hold(session.connection).close();
  }

  #write(session: Session, write: LaterWrite, returning: Returning): SessionAnswer {
    const sql = writeSql(write, returning);
    try {
      session.sees ??= session.connection.inTransaction ? this.#commits : null;
      const rows = prepare(session, sql)
        .raw()
        .all(...paramsOf(write)) as Row[];
      if (session.connection.inTransaction) {
        session.isWriter = true;
        session.hasChanged ||= rows.length > 0;
        return { ...DONE, rows };
      }
      if (rows.length > 0) this.#commits++;
      return { ...DONE, rows, transaction: rows.length > 0 ? String(this.#commits) : null };
    } catch (error) {
      return this.#refuse(session, sql, error);
    }
  }

  #read(session: Session, sql: string, params: Row): SessionAnswer {
    try {
      const statement = prepare(session, sql).raw().safeIntegers();
      const sees = session.sees ?? this.#commits;
      if (session.connection.inTransaction) session.sees = sees;
      const quote = (value: number): string => prepare(session, 'SELECT quote(?)').pluck().get(value) as string;
      const found = allOf(statement, params.map(bindable));
      const rows = found.map((row) => row.map((value) => cellOf(value, quote)));
      const columns = statement.columns().map(({ name }) => name);
      const next = String(sees + 1);
      return { ...DONE, columns, rows, snapshot: { xmin: next, xmax: next, inProgress: [] } };
    } catch (error) {
      return this.#refuse(session, sql, error);
    }
  }

  #commit(session: Session): SessionAnswer {
    try {
      if (session.connection.inTransaction) session.connection.exec('COMMIT');
    } catch (error) {
      return this.#refuse(session, 'COMMIT', error);
    }
    const hasChanged = session.hasChanged;
    forget(session);
    if (!hasChanged) return DONE;
    this.#commits++;
    return { ...DONE, transaction: String(this.#commits) };
  }

  #refuse(session: Session, sql: string, error: unknown): SessionAnswer {
    const fault = faultOf(session.connection, sql, error);
    const writers = [...this.#sessions.values()].filter((other) => other !== session && other.isWriter);
    if (fault.code === 'SQLITE_BUSY' && writers.length > 0)
      return { status: 'blocked', by: writers.map(({ name }) => name) };
    return { status: 'failed', fault, isConcurrency: fault.code.startsWith('SQLITE_BUSY') };
  }
}

/** Rows of a statement whose placeholders are numbered (`?1`, `$1`), which the driver takes for names, or bare. */
function allOf(statement: Statement, values: readonly unknown[]): unknown[][] {
  try {
    return statement.all(Object.fromEntries(values.map((value, at) => [at + 1, value]))) as unknown[][];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return statement.all(...values) as unknown[][];
  }
}

function forget(session: Session): void {
  session.isWriter = false;
  session.hasChanged = false;
  session.sees = null;
}

function prepare(session: Session, sql: string): Statement {
  const known = session.statements.get(sql);
  if (known !== undefined) return known;
  if (session.statements.size >= STATEMENTS_KEPT) {
    for (const statement of session.statements.values()) hold(statement);
    session.statements.clear();
  }
  const made = session.connection.prepare(sql);
  session.statements.set(sql, made);
  return made;
}

function writeSql(write: LaterWrite, { columns, condition }: Returning): string {
  const holds = condition === null ? `'1'` : `CASE WHEN (${condition}) THEN '1' ELSE '0' END`;
  const cells = columns.map((name) => literalSql(quoteIdentifier(name), true));
  return `${changeSql(write)} RETURNING ${[...cells, holds].join(', ')}`;
}

function changeSql(write: LaterWrite): string {
  if (write.op === 'insert') {
    const names = write.columns.map(quoteIdentifier).join(', ');
    return `INSERT INTO ${write.table} (${names}) VALUES (${write.row.map(() => '?').join(', ')})`;
  }
  if (write.op === 'delete') return `DELETE FROM ${write.table} WHERE ${whereSql(write.key)}`;
  const sets = write.columns.map((name) => `${quoteIdentifier(name)} = ?`);
  return `UPDATE ${write.table} SET ${sets.join(', ')} WHERE ${whereSql(write.key)}`;
}

function whereSql({ columns }: NamedCells): string {
  return columns.map((name) => `${quoteIdentifier(name)} IS ?`).join(' AND ');
}

function paramsOf(write: LaterWrite): readonly unknown[] {
  if (write.op === 'insert') return write.row.map(bindable);
  if (write.op === 'delete') return write.key.row.map(bindable);
  return [...write.row, ...write.key.row].map(bindable);
}
