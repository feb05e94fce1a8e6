/**
 * A database of the user's own. Three kinds of sessions: one that looks and cannot write, one that keeps the lock and writes the ledger,
 * and a new one for each script.
 */
import { DatabaseError } from 'pg';
import type { Client } from 'pg';
import type { Catalog } from '../../core/catalog.ts';
import { makeCatalog } from '../../core/catalog.ts';
import type { QueryResult } from '../../core/dialect.ts';
import { messageOf, PalindromeError } from '../../core/errors.ts';
import type {
  DropOutcome,
  DropRequest,
  LedgerRow,
  LedgerWrite,
  LiveDatabase,
  LiveOptions,
  LiveScript,
  LiveTarget,
  LockRequest,
} from '../../core/live.ts';
import type { Script } from '../../core/migration.ts';
import { splitScript } from '../../core/split-script.ts';
import type { ScriptOutcome } from '../../core/trace.ts';
import { LOOK_SETTINGS } from './capture.ts';
import { readCatalog } from './catalog.ts';
import { closeClient, queryRows } from './connection.ts';
import { executeScript } from './execute.ts';
import { isSessionLost, serverLost, toFault } from './faults.ts';
import type { Canceller } from './guard.ts';
import { addressOfTarget, connectLive } from './live-connect.ts';
import type { PostgresTarget } from './live-connect.ts';
import { dropObjects } from './live-drop.ts';
import { canCommitWithLedger } from './live-inside.ts';
import {
  createLedgerSql,
  ledgerKey,
  ledgerWriteInsideSql,
  ledgerWriteSql,
  parseLedger,
  readLedgerSql,
} from './live-ledger.ts';
import { awaitLock, lockKeys, markSession } from './live-lock.ts';
import { quoteLiteral } from './quote.ts';
import { readQuery } from './read-query.ts';
import { splitScript as split } from './split.ts';

/** Opens a PostgreSQL database that exists. */
export async function openLivePostgres(target: LiveTarget, options: LiveOptions): Promise<LiveDatabase> {
  if (target.dialect !== 'postgres') throw new TypeError('the PostgreSQL dialect needs a PostgreSQL database');
  const key = ledgerKey(options.ledgerTable);
  const look = await connectLive(target, 'status', { ...LOOK_SETTINGS, default_transaction_read_only: 'on' });
  const [version] = await queryRows(look, 'SHOW server_version');
  return new PostgresLive(target, options, key, look, version?.[0]?.split(' ')[0] ?? '');
}

class PostgresLive implements LiveDatabase, Canceller {
  readonly address: string;
  readonly engineVersion: string;
  private readonly target: PostgresTarget;
  private readonly options: LiveOptions;
  private readonly key: string;
  private readonly look: Client;
  /** Holds the lock: idle but for the ledger's writes, so that it never keeps a snapshot that others wait for. */
  private keeper: Client | null = null;

  constructor(target: PostgresTarget, options: LiveOptions, key: string, look: Client, version: string) {
    this.target = target;
    this.options = options;
    this.key = key;
    this.look = look;
    this.address = addressOfTarget(target);
    this.engineVersion = version;
  }

  async lock(request: LockRequest): Promise<void> {
    await this.guard('taking the lock', async () =>
      awaitLock(await this.keep(), lockKeys(this.key), this.address, request),
    );
  }

  async canRunInside(script: Script): Promise<boolean> {
    return canCommitWithLedger(script, await splitScript(script, { split }));
  }

  async execute({ script, limits, inside, signal }: LiveScript): Promise<ScriptOutcome> {
    return this.guard('running a script', async () => {
      await this.proveLocked();
      const client = await connectLive(this.target, 'migration', {});
      const stop = () => void this.cancel((client as Client & { readonly processID: number }).processID);
      try {
        await markSession(client, lockKeys(this.key));
        await client.query(`SET statement_timeout = ${limits.statementMs}; SET client_min_messages = warning`);
        if (signal.aborted) throw interrupted();
        signal.addEventListener('abort', stop, { once: true });
        const last = inside === null ? null : ledgerWriteInsideSql(this.key, inside);
        return await executeScript(client, script, limits, this, last);
      } finally {
        signal.removeEventListener('abort', stop);
        await closeClient(client);
      }
    });
  }

  async catalog(): Promise<Catalog> {
    return this.guard('reading the catalog', async () => {
      await this.look.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      try {
        return this.withoutLedger(await readCatalog(this.look, { roles: false }));
      } finally {
        await this.look.query('ROLLBACK').catch(() => undefined);
      }
    });
  }

  async query(sql: string, maxRows: number, limitMs: number): Promise<QueryResult> {
    return this.guard('asking a query', () => readQuery(this.look, sql, maxRows, limitMs));
  }

  async readLedger(): Promise<readonly LedgerRow[] | null> {
    return this.guard('reading the ledger', async () => {
      const [found] = await queryRows(this.look, `SELECT to_regclass(${quoteLiteral(this.key)})::text`);
      if ((found?.[0] ?? null) === null) return null;
      const [row] = await queryRows(this.look, readLedgerSql(this.key));
      return parseLedger(this.key, row?.[0] ?? '[]');
    });
  }

  async createLedger(): Promise<void> {
    await this.guard('making the ledger', async () => {
      try {
        await (await this.keep()).query(`BEGIN; ${createLedgerSql(this.key)}; COMMIT`);
      } catch (error) {
        await this.keeper?.query('ROLLBACK').catch(() => undefined);
        if (!(error instanceof DatabaseError) || isSessionLost(error)) throw error;
        throw new PalindromeError(
          'ledger-not-made',
          `The ledger ${this.key} cannot be made: ${error.message} (SQLSTATE ${error.code ?? '?'})`,
          {
            hint: 'Give the user the right to, or name another table: runner.ledger in the configuration.',
            cause: error,
          },
        );
      }
    });
  }

  async writeLedger(writes: readonly LedgerWrite[]): Promise<void> {
    if (writes.length === 0) return;
    const sql = writes.map((write) => ledgerWriteSql(this.key, write)).join(';\n');
    await this.guard('writing the ledger', async () => (await this.keep()).query(`BEGIN;\n${sql};\nCOMMIT`));
  }

  async drop(request: DropRequest): Promise<DropOutcome> {
    return this.guard('dropping objects', async () => {
      await this.proveLocked();
      const client = await connectLive(this.target, 'rollback', LOOK_SETTINGS);
      const stop = () => void this.cancel((client as Client & { readonly processID: number }).processID);
      request.signal.addEventListener('abort', stop, { once: true });
      try {
        await markSession(client, lockKeys(this.key));
        const outcome = await dropObjects(client, request, ledgerWriteSql(this.key, request.inside), (catalog) =>
          this.withoutLedger(catalog),
        );
        return outcome;
      } catch (error) {
        if (!(error instanceof DatabaseError) || isSessionLost(error)) throw error;
        return { status: 'refused', reasons: [toFault(error).message] };
      } finally {
        request.signal.removeEventListener('abort', stop);
        await closeClient(client);
      }
    });
  }

  async backup(): Promise<null> {
    return null;
  }

  async expireBackups(): Promise<readonly string[]> {
    return [];
  }

  /** Never throws. */
  async cancel(pid: number): Promise<void> {
    await this.look.query('SELECT pg_cancel_backend($1)', [pid]).catch(() => undefined);
  }

  /** Never throws. */
  async terminate(pid: number): Promise<void> {
    await this.look.query('SELECT pg_terminate_backend($1)', [pid]).catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await closeClient(this.keeper);
    await closeClient(this.look);
  }

  private async keep(): Promise<Client> {
    if (this.options.readOnly) throw new TypeError('a database that was opened for reading is not written to');
    return (this.keeper ??= await connectLive(this.target, 'runner', { client_min_messages: 'warning' }));
  }

  /** The lock lives as long as its session: a script must not run when that is gone. */
  private async proveLocked(): Promise<void> {
    await (await this.keep()).query('SELECT 1');
  }

  private withoutLedger(catalog: Catalog): Catalog {
    const objects = catalog.objects.filter(({ name, table }) => name !== this.key && table !== this.key);
    return makeCatalog(objects);
  }

  private async guard<T>(doing: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof PalindromeError) {
        if (error.code === 'database-unreachable') throw serverLost(error, this.address);
        throw error;
      }
      if (error instanceof DatabaseError && !isSessionLost(error))
        throw new PalindromeError(
          'server-refused',
          `While ${doing}: ${error.message} (SQLSTATE ${error.code ?? '?'})`,
          {
            kind: 'environment',
            cause: error,
          },
        );
      if (error instanceof TypeError) throw error;
      throw serverLost(messageOf(error), this.address);
    }
  }
}

/** What a run ends with when it is asked to stop before the next step. */
function interrupted(): PalindromeError {
  return new PalindromeError('interrupted', 'Stopped before the next step; nothing was left half-done.', {
    kind: 'environment',
  });
}
