/** The sessions of one database that stay, and the connection that looks who waits for whom. */
import type { Client } from 'pg';
import { DatabaseError } from 'pg';
import type { Row } from '../../core/dataset.ts';
import type { DatabaseSession, RankedColumn, SessionRequest, WriterSession } from '../../core/session.ts';
import { closeClient, EXACT_TEXT_SETTINGS, openClient, queryRows } from './connection.ts';
import type { PostgresServer } from './connection.ts';
import { LATE_CHECK_MS, PostgresSession } from './session.ts';
import type { SessionHost } from './session.ts';
import { blockersSql, deadlockSetting, rankedKeys, rankSql } from './session-sql.ts';
import { PostgresWriter } from './writer.ts';

/** A statement of a session that waits for nobody and does not end is a mistake of somebody's. */
const STATEMENT_MS = 60_000;
/** Nobody waits for the verdict on a circle here, but the writers in it. */
const WRITER_DEADLOCK_MS = 50;
const FORBIDDEN = '42501';

/** Sessions open one by one and close together. */
export class PostgresSessions implements SessionHost {
  readonly address: string;
  readonly #server: PostgresServer;
  readonly #database: string;
  readonly #open = new Set<PostgresSession>();
  readonly #writers = new Set<PostgresWriter>();
  readonly #ranks = new Set<string>();
  #watcher: Client | null = null;

  constructor(server: PostgresServer, database: string, address: string) {
    this.#server = server;
    this.#database = database;
    this.address = address;
  }

  async open({ name, isReadOnly }: SessionRequest): Promise<DatabaseSession> {
    const settings = isReadOnly ? { ...EXACT_TEXT_SETTINGS, default_transaction_read_only: 'on' } : EXACT_TEXT_SETTINGS;
    const options = { statementMs: STATEMENT_MS, settings, isPipelined: true };
    const client = await openClient(this.#server, this.#database, options);
    // Who may not set it has to wait for deadlocks as long as the server says.
    const maySetCheck = await isAllowed(client, deadlockSetting(LATE_CHECK_MS));
    const session = new PostgresSession({ name, isReadOnly }, client, this, maySetCheck);
    this.#open.add(session);
    return session;
  }

  /** Writers wait for each other as long as it takes: the server ends circles, as it does where deadlocks are left to it. */
  async openWriter(name: string): Promise<WriterSession> {
    // What is committed is seen by all at once; that it is on a disk as well is nobody's question here.
    const settings = { ...EXACT_TEXT_SETTINGS, synchronous_commit: 'off' };
    const options = { statementMs: STATEMENT_MS, settings, isPipelined: true };
    const client = await openClient(this.#server, this.#database, options);
    await isAllowed(client, deadlockSetting(WRITER_DEADLOCK_MS));
    const writer = new PostgresWriter(name, client, this.address, () => this.#writers.delete(writer));
    this.#writers.add(writer);
    return writer;
  }

  async blockersOf(session: PostgresSession): Promise<readonly string[] | null> {
    const rows = await queryRows(await this.#watch(), blockersSql([...this.#open].map(({ pid }) => pid)));
    const waits = new Map<number, readonly number[]>(
      rows.map(([pid, blockers]) => [Number(pid), (blockers ?? '').split(',').filter(Boolean).map(Number)]),
    );
    if (isInCircle(session.pid, waits)) return null;
    const names = (waits.get(session.pid) ?? []).map((pid) => this.#nameOf(pid));
    return [...new Set(names)].toSorted();
  }

  async rank(table: string, columns: readonly RankedColumn[], keys: readonly Row[]): Promise<readonly number[]> {
    const client = await this.#watch();
    const sql = rankSql(table, columns);
    this.#ranks.add(sql);
    const { rows } = await client.query<[string]>({
      name: `palindrome_rank_${[...this.#ranks].indexOf(sql)}`,
      text: sql,
      values: [rankedKeys(columns, keys)],
      rowMode: 'array',
    });
    return rows.map(([rank]) => Number(rank));
  }

  hasOtherWaiting(session: PostgresSession): boolean {
    return [...this.#open].some((other) => other !== session && other.isWaiting);
  }

  left(session: PostgresSession): void {
    this.#open.delete(session);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open, ...this.#writers].map((session) => session[Symbol.asyncDispose]()));
    const client = this.#watcher;
    this.#watcher = null;
    await closeClient(client);
  }

  #nameOf(pid: number): string {
    return [...this.#open].find((session) => session.pid === pid)?.name ?? 'another session';
  }

  async #watch(): Promise<Client> {
    this.#watcher ??= await openClient(this.#server, this.#database, { settings: EXACT_TEXT_SETTINGS });
    return this.#watcher;
  }
}

/** Whether one waits, over others, for itself. */
function isInCircle(pid: number, waits: ReadonlyMap<number, readonly number[]>): boolean {
  const reached = new Set<number>();
  const open = [...(waits.get(pid) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    open.push(...(waits.get(next) ?? []));
  }
  return reached.has(pid);
}

async function isAllowed(client: Client, sql: string): Promise<boolean> {
  try {
    await client.query(sql);
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.code === FORBIDDEN) return false;
    throw error;
  }
}
