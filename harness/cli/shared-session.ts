/** One session on a database that several machines share: made again when it is lost, for as long as a bounded wait allows. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, DatabaseError, type QueryResult } from 'pg';
import { messageOf, PalindromeError } from '../core/errors.ts';
import type { SharedDatabase, SharedRow } from '../core/shared-database.ts';
import { addressOfTarget, connectLive, type PostgresTarget } from '../dialects/postgres/live-connect.ts';
import { parseServerUrl } from '../providers/server-url.ts';

export interface SharedSessionOptions {
  /** May hold a password: never shown. */
  readonly url: string;
  /** What the session is for, as the server's list of sessions names it. */
  readonly purpose: string;
  /** How long a lost connection is tried again. */
  readonly patienceMs?: number;
  /** Ends the wait for a connection. */
  readonly signal?: AbortSignal;
}

const PATIENCE_MS = 30_000;
const FIRST_PAUSE_MS = 100;
const MOST_PAUSE_MS = 2_000;
/** The session is gone, and another one may answer: the server shut down or was restarted, or ended it. */
const ENDED = /^(08|57P0)/u;
const CONNECT_CODES = new Set(['database-unreachable']);

/**
 * Opens the session; the first connection is tried once, so that a mistyped URL is told at once. Throws `server-url-invalid`,
 * `database-unreachable`, `login-refused`, `database-missing`.
 */
export async function openSharedSession(options: SharedSessionOptions): Promise<SharedDatabase> {
  const { sslMode, ...address } = parseServerUrl(options.url);
  const target: PostgresTarget = { dialect: 'postgres', ...address, tls: sslMode };
  const session = new SharedSession(target, options);
  await session.connect();
  return session;
}

class SharedSession implements SharedDatabase {
  readonly shownAs: string;
  readonly #target: PostgresTarget;
  readonly #options: SharedSessionOptions;
  readonly #locks = new Set<string>();
  #client: Client | null = null;
  /** Statements run one after the other, so that a new connection is made once. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(target: PostgresTarget, options: SharedSessionOptions) {
    this.shownAs = addressOfTarget(target);
    this.#target = target;
    this.#options = options;
  }

  async connect(): Promise<Client> {
    const client = await connectLive(this.#target, this.#options.purpose, { client_min_messages: 'warning' });
    client.on('end', () => {
      if (this.#client === client) this.#client = null;
    });
    this.#client = client;
    return client;
  }

  ask(text: string, values: readonly unknown[] = []): Promise<readonly SharedRow[]> {
    return this.#inTurn(async (client) => {
      const result: QueryResult<SharedRow> | readonly QueryResult<SharedRow>[] = await client.query<SharedRow>(text, [
        ...values,
      ]);
      // Several statements have a result each.
      const last = Array.isArray(result) ? (result as readonly QueryResult<SharedRow>[]).at(-1) : result;
      return last?.rows ?? [];
    });
  }

  async run(script: string): Promise<void> {
    // One simple query is one transaction.
    await this.#inTurn((client) => client.query(script));
  }

  async lock(name: string): Promise<boolean> {
    const isTaken = await this.#inTurn((client) => tryLock(client, name));
    if (isTaken) this.#locks.add(name);
    return isTaken;
  }

  async unlock(name: string): Promise<void> {
    if (!this.#locks.delete(name)) return;
    await this.ask('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => undefined);
  }

  async #inTurn<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => this.#patiently(work));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #patiently<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const { patienceMs = PATIENCE_MS, signal } = this.#options;
    let until: number | null = null;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(MOST_PAUSE_MS, pauseMs * 2)) {
      try {
        return await work(this.#client ?? (await this.#again()));
      } catch (error) {
        if (!isLoss(error)) throw this.#refusal(error);
        const dead = this.#client;
        this.#client = null;
        await dead?.end().catch(() => undefined);
        until ??= Date.now() + patienceMs;
        if (Date.now() + pauseMs > until || signal?.aborted === true) throw this.#loss(error, patienceMs);
      }
      await sleep(pauseMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    }
  }

  async #again(): Promise<Client> {
    const client = await this.connect();
    for (const name of this.#locks) await tryLock(client, name);
    return client;
  }

  #loss(cause: unknown, patienceMs: number): PalindromeError {
    return new PalindromeError(
      'shared-database-lost',
      `${this.shownAs} does not answer any more; it was tried for ${Math.round(patienceMs / 1000)} s: ${messageOf(cause)}`,
      {
        kind: 'environment',
        hint: 'What was written before is there. Bring the server back, and run the command again.',
        cause,
      },
    );
  }

  #refusal(cause: unknown): unknown {
    if (!(cause instanceof DatabaseError)) return cause;
    return new PalindromeError(
      'shared-database-refuses',
      `${this.shownAs} refuses: ${messageOf(cause)} (SQLSTATE ${cause.code ?? 'unknown'})`,
      {
        kind: 'environment',
        hint: 'The user of the URL has to be allowed to create a schema in this database and to write to it, and it needs space.',
        cause,
      },
    );
  }
}

async function tryLock(client: Client, name: string): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(
    'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken',
    [name],
  );
  return rows[0]?.taken === true;
}

/** Whether the connection is what failed. An error without a SQLSTATE is the driver's or the network's. */
function isLoss(error: unknown): boolean {
  if (error instanceof DatabaseError) return ENDED.test(error.code ?? '');
  return error instanceof PalindromeError ? CONNECT_CODES.has(error.code) : error instanceof Error;
}
