/**
 * A connection that stays. A statement that does not return at once is looked at from another connection: where the server says that it waits
 * for a lock of another session, it is blocked. Nothing is concluded from how long anything takes.
 *
 * Round trips are most of what a step costs, so what needs no answer of its own waits for none: `BEGIN` takes no snapshot, and goes ahead of the
 * statement that does.
 */
import { DatabaseError } from 'pg';
import type { Client, QueryArrayResult } from 'pg';
import type { Row } from '../../core/dataset.ts';
import type { LaterWrite } from '../../core/later-write.ts';
import type { IsolationLevel, PageSnapshot } from '../../core/paging-history.ts';
import type { DatabaseSession, Returning, SessionAnswer, SessionRequest } from '../../core/session.ts';
import { AS_TEXT, closeClient } from './connection.ts';
import { isSessionLost, serverLost, toFault } from './faults.ts';
import { deadlockSetting, writeSql } from './session-sql.ts';

/** What a session needs from the database that it belongs to. */
export interface SessionHost {
  /** Whether a session other than this one waits. */
  hasOtherWaiting(session: PostgresSession): boolean;
  readonly address: string;
  /** Names of the sessions that one waits for; null: of those that wait for each other, which the server is about to end. */
  blockersOf(session: PostgresSession): Promise<readonly string[] | null>;
  left(session: PostgresSession): void;
}

/** Statements that wait for nobody return within it, nearly always: then nobody has to be asked. */
const GRACE_MS = 3;
const POLL_MS = 1;
/**
 * A session looks for a deadlock once, so long after its wait began: late where nobody else waits, at once where somebody does, who alone can be
 * the other half of a circle. So it is the session whose wait closes the circle that is refused, however slow the machine is.
 */
export const LATE_CHECK_MS = 400;
const EARLY_CHECK_MS = 1;
/** The wait of a session that looks at once has to last this long: then it has looked. */
const STEADY_MS = 5;
const CONCURRENCY = new Set(['40P01', '40001', '55P03']);

const LEVELS: Readonly<Record<IsolationLevel, string>> = {
  'read-committed': 'READ COMMITTED',
  'repeatable-read': 'REPEATABLE READ',
  serializable: 'SERIALIZABLE',
};

/** The statement that begins a transaction of that level. */
export function beginSql(isolation: IsolationLevel): string {
  return `BEGIN ISOLATION LEVEL ${LEVELS[isolation]}`;
}

const NOTHING: SessionAnswer = { status: 'done', columns: [], rows: [], transaction: null, snapshot: null };

type Wants = 'transaction' | 'snapshot' | null;

export class PostgresSession implements DatabaseSession {
  readonly name: string;
  readonly pid: number;
  readonly #client: Client;
  readonly #host: SessionHost;
  readonly #prepared = new Map<string, string>();
  readonly #isReadOnly: boolean;
  readonly #maySetCheck: boolean;
  /** `BEGIN` on its way; null: it was answered, or goes with the next statement. */
  #begun: Promise<SessionAnswer> | null = null;
  #next: { readonly begin: string; readonly isAlone: boolean } | null = null;
  /** Whether its transaction looks for deadlocks at once. */
  #looksEarly = false;
  #pending: Promise<SessionAnswer> | null = null;

  constructor({ name, isReadOnly }: SessionRequest, client: Client, host: SessionHost, maySetCheck: boolean) {
    this.name = name;
    this.#maySetCheck = maySetCheck;
    this.#isReadOnly = isReadOnly;
    this.#client = client;
    this.#host = host;
    const { processID } = client as Client & { readonly processID: number | null };
    this.pid = processID ?? 0;
  }

  /** A statement of it was sent, and has not ended. */
  get isWaiting(): boolean {
    return this.#pending !== null;
  }

  async begin(isolation: IsolationLevel, until?: 'statement'): Promise<void> {
    const begin = beginSql(isolation);
    this.#looksEarly = false;
    // Where something is written, the time at which a transaction began may matter (`now()`).
    if (this.#isReadOnly || until === 'statement') this.#next = { begin, isAlone: until === 'statement' };
    else this.#begun = this.#run(begin, null, null);
    // Whoever asks next is told.
    this.#begun?.catch(() => undefined);
  }

  async write(write: LaterWrite, returning: Returning): Promise<SessionAnswer> {
    const { sql, params } = writeSql(write, returning);
    return this.#send(sql, params, 'transaction');
  }

  async read(sql: string, params: Row): Promise<SessionAnswer> {
    return this.#send(withSnapshot(sql), params, 'snapshot');
  }

  async settle(): Promise<SessionAnswer> {
    if (this.#pending === null) throw new Error(`Session ${this.name} waits for nothing.`);
    return this.#watch(this.#pending);
  }

  async commit(): Promise<SessionAnswer> {
    if (this.#next === null) return this.#send('COMMIT', null, null);
    this.#next = null;
    return NOTHING;
  }

  async rollback(): Promise<void> {
    this.#next = null;
    const begun = this.#begun;
    this.#begun = null;
    await this.#expect(begun);
    if (this.#client.getTransactionStatus() !== 'I') await this.#expect(this.#send('ROLLBACK', null, null));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#host.left(this);
    await this.#begun?.catch(() => undefined);
    await closeClient(this.#client);
  }

  async #expect(running: Promise<SessionAnswer> | null): Promise<void> {
    const answer = await running;
    if (answer !== null && answer.status !== 'done')
      throw new Error(`a transaction of ${this.name} neither began nor ended: ${JSON.stringify(answer)}`);
  }

  async #send(sql: string, params: Row | null, wants: Wants): Promise<SessionAnswer> {
    if (this.#pending !== null) throw new Error(`Session ${this.name} waits for a lock.`);
    return this.#watch(this.#together(sql, params, wants));
  }

  /** The statement with what goes ahead of it and after it, as one message. */
  async #together(sql: string, params: Row | null, wants: Wants): Promise<SessionAnswer> {
    const { begin = null, isAlone = false } = this.#next ?? {};
    const { stream } = this.#client.connection;
    const isInTransaction = begin !== null || this.#begun !== null || this.#client.getTransactionStatus() === 'T';
    const mayClose = params !== null && isInTransaction && this.#maySetCheck && this.#host.hasOtherWaiting(this);
    const looksEarlyNow = mayClose && !this.#looksEarly;
    this.#looksEarly = (this.#looksEarly || looksEarlyNow) && isInTransaction;
    stream.cork();
    const ahead: readonly Promise<SessionAnswer>[] = [
      ...(this.#begun === null ? [] : [this.#begun]),
      ...(begin === null ? [] : [this.#run(begin, null, null)]),
      ...(looksEarlyNow ? [this.#run(deadlockSetting(EARLY_CHECK_MS, 'LOCAL'), null, null)] : []),
    ];
    const asked = this.#run(sql, params, wants);
    const ending = isAlone ? [this.#run('COMMIT', null, null)] : [];
    stream.uncork();
    this.#begun = null;
    this.#next = null;
    const answers = await Promise.all([...ahead, asked, ...ending]);
    for (const begun of ahead) await this.#expect(begun);
    const answer = await asked;
    const ended = isAlone ? answers.at(-1) : undefined;
    // A reader that is refused at its end read what its snapshot saw all the same.
    return answer.status === 'done' && ended?.status === 'failed' && !ended.isConcurrency ? ended : answer;
  }

  async #run(sql: string, params: Row | null, wants: Wants): Promise<SessionAnswer> {
    try {
      const result: QueryArrayResult = await this.#client.query({
        ...(params === null ? {} : { name: this.#nameOf(sql), values: [...params] }),
        text: sql,
        rowMode: 'array',
        types: AS_TEXT,
      });
      return answerOf(result, wants);
    } catch (error) {
      if (!(error instanceof DatabaseError) || isSessionLost(error)) throw serverLost(error, this.#host.address);
      return { status: 'failed', fault: toFault(error), isConcurrency: CONCURRENCY.has(error.code ?? '') };
    }
  }

  /** Until the statement has ended or is blocked; what is blocked is kept for `settle`. */
  async #watch(running: Promise<SessionAnswer>): Promise<SessionAnswer> {
    this.#pending = running;
    const isBlocked = await this.#isBlocked(running);
    if (isBlocked !== null) return isBlocked;
    this.#pending = null;
    return running;
  }

  /** Null: the statement has ended, in whatever way. */
  async #isBlocked(running: Promise<SessionAnswer>): Promise<Extract<SessionAnswer, { status: 'blocked' }> | null> {
    const state = { hasEnded: false };
    const note = (): boolean => (state.hasEnded = true);
    const ended = running.then(note, note);
    const endsWithin = async (ms: number): Promise<boolean> => {
      const pause = after(ms);
      await Promise.race([ended, pause.passed]);
      pause.cancel();
      return state.hasEnded;
    };
    if (await endsWithin(GRACE_MS)) return null;
    const steadyMs = this.#looksEarly ? STEADY_MS : 0;
    let since: number | null = null;
    do {
      const by = (await this.#host.blockersOf(this)) ?? [];
      since = by.length === 0 ? null : (since ?? performance.now());
      if (since !== null && performance.now() - since >= steadyMs && !state.hasEnded) return { status: 'blocked', by };
    } while (!(await endsWithin(POLL_MS)));
    return null;
  }

  #nameOf(sql: string): string {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const name = `palindrome_${this.#prepared.size}`;
    this.#prepared.set(sql, name);
    return name;
  }
}

/** The statement's rows beside its snapshot, which is there even where it returns none. */
function withSnapshot(sql: string): string {
  return (
    `WITH palindrome_page AS MATERIALIZED (\n${sql.replace(/[;\s]+$/, '')}\n)\n` +
    `SELECT pg_catalog.pg_current_snapshot()::text, p.* FROM (SELECT) one LEFT JOIN (SELECT true, q.* FROM palindrome_page q) p ON true`
  );
}

function answerOf(result: QueryArrayResult, wants: Wants): SessionAnswer {
  const columns = (result.fields ?? []).map(({ name }) => name);
  const rows = result.rows as Row[];
  if (wants === 'transaction') {
    const transaction = rows[0]?.at(-1) ?? null;
    const cut = rows.map((row) => row.slice(0, -1));
    return { status: 'done', columns: columns.slice(0, -1), rows: cut, transaction, snapshot: null };
  }
  if (wants === 'snapshot') {
    const page = rows.filter((row) => row[1] !== null).map((row) => row.slice(2));
    const snapshot = parseSnapshot(rows[0]?.[0] ?? '');
    return { status: 'done', columns: columns.slice(2), rows: page, transaction: null, snapshot };
  }
  return { status: 'done', columns, rows, transaction: null, snapshot: null };
}

/** `xmin:xmax:xip,xip`. */
function parseSnapshot(text: string): PageSnapshot {
  const [xmin = '', xmax = '', running = ''] = text.split(':');
  return { xmin, xmax, inProgress: running === '' ? [] : running.split(',') };
}

/** Resolves once the time has passed. */
function after(ms: number): { readonly passed: Promise<void>; cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return { passed, cancel: () => clearTimeout(timer) };
}
