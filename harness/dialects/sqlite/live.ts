/**
 * A database file of the user's own, held by an engine process: what runs too long, or is interrupted, is killed there, and SQLite's
 * journal takes back what was not committed.
 */
import { existsSync, realpathSync } from 'node:fs';
import type { Catalog } from '../../core/catalog.ts';
import { makeCatalog } from '../../core/catalog.ts';
import type { QueryResult } from '../../core/dialect.ts';
import { messageOf, PalindromeError } from '../../core/errors.ts';
import type {
  BackupPolicy,
  BackupReport,
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
import type { DatabaseFault, ScriptOutcome } from '../../core/trace.ts';
import { backUp, expireBackups } from './backup.ts';
import { EngineProcess } from './engine-process.ts';
import type { Reply } from './engine-process.ts';
import { planScript, refTo } from './execute.ts';
import { dropObjects } from './live-drop.ts';
import { canCommitWithLedger } from './live-inside.ts';
import { createLedgerSql, ledgerKey, ledgerWriteSql, parseLedger, readLedgerSql } from './live-ledger.ts';
import { awaitFileLock } from './live-lock.ts';
import type { FileLock } from './live-lock.ts';
import { openChecked, tidySideFiles } from './live-open.ts';
import { quoteText } from './quote.ts';

const OWN_MS = 120_000;

/** Opens a database file. With `create` a missing one is made by the first write. */
export async function openLiveSqlite(target: LiveTarget, options: LiveOptions): Promise<LiveDatabase> {
  if (target.dialect !== 'sqlite') throw new TypeError('the SQLite dialect needs a SQLite database');
  const key = ledgerKey(options.ledgerTable);
  const isNew = openChecked(target.file, target.shownAs, options.create);
  const file = isNew ? target.file : realpathSync(target.file);
  const live = new SqliteLive(file, target.shownAs, options, key);
  await live.start();
  return live;
}

class SqliteLive implements LiveDatabase {
  readonly address: string;
  engineVersion = '';
  readonly #file: string;
  readonly #options: LiveOptions;
  readonly #key: string;
  readonly #hadSideFiles: boolean;
  #engine: EngineProcess | null = null;
  #lock: FileLock | null = null;
  #scripts = 0;

  constructor(file: string, shownAs: string, options: LiveOptions, key: string) {
    this.#file = file;
    this.address = shownAs;
    this.#options = options;
    this.#key = key;
    this.#hadSideFiles = existsSync(`${file}-wal`);
  }

  async start(): Promise<void> {
    const engine = new EngineProcess(this.#options.functions);
    this.#engine = engine;
    const { foreignKeys, functions } = this.#options;
    const { answer } = await engine.ask('setup', {
      foreignKeys,
      functions: Object.keys(functions).map((name) => ({ name, isDeterministic: (functions[name]?.length ?? 0) > 0 })),
    });
    this.engineVersion = answer.version;
    if (existsSync(this.#file)) await this.#openSession();
  }

  async lock(request: LockRequest): Promise<void> {
    this.#lock = await awaitFileLock(this.#file, request);
  }

  async canRunInside(script: Script): Promise<boolean> {
    return canCommitWithLedger(script);
  }

  async execute({ script, limits, inside, signal }: LiveScript): Promise<ScriptOutcome> {
    const startedAt = performance.now();
    const engine = await this.#openSession();
    const stop = () => void engine[Symbol.asyncDispose]();
    if (signal.aborted) return stopped(0);
    signal.addEventListener('abort', stop, { once: true });
    let reply: Reply<'execute'>;
    try {
      const request = {
        scriptId: ++this.#scripts,
        script,
        upTo: null,
        inside: inside === null ? null : ledgerWriteSql(this.#key, inside),
      };
      reply = await engine.call('execute', request, { statementMs: limits.statementMs, totalMs: limits.scriptMs });
    } catch (error) {
      if (!signal.aborted) throw error;
      await this.start();
      return stopped(Math.round(performance.now() - startedAt));
    } finally {
      signal.removeEventListener('abort', stop);
    }
    if (reply.status === 'answered') return reply.answer;
    await this.start();
    return {
      status: 'timed-out',
      limitMs: reply.limitMs,
      at: refTo(planScript(script), reply.statement - 1),
      durationMs: Math.round(performance.now() - startedAt),
    };
  }

  async catalog(): Promise<Catalog> {
    if (!existsSync(this.#file)) return makeCatalog([]);
    const { answer } = await (await this.#open()).ask('catalog', {});
    return makeCatalog(answer.objects.filter(({ name, table }) => name !== this.#key && table !== this.#key));
  }

  async query(sql: string, maxRows: number, limitMs: number): Promise<QueryResult> {
    const engine = await this.#open();
    const reply = await engine.call('query', { sql, maxRows }, { statementMs: limitMs, totalMs: limitMs });
    if (reply.status === 'answered') return reply.answer;
    await this.start();
    return { status: 'failed', fault: faultOf('SQLITE_INTERRUPT', 'timeout', `stopped after ${limitMs} ms`) };
  }

  async readLedger(): Promise<readonly LedgerRow[] | null> {
    if (!existsSync(this.#file)) return null;
    const found = await this.#ask(
      `SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = ${quoteText(this.#key)}`,
    );
    if (found.length === 0) return null;
    const [row] = await this.#ask(readLedgerSql(this.#key));
    return parseLedger(this.#key, row?.[0] ?? "'[]'");
  }

  async createLedger(): Promise<void> {
    await this.#write([createLedgerSql(this.#key)]);
  }

  async writeLedger(writes: readonly LedgerWrite[]): Promise<void> {
    if (writes.length > 0) await this.#write(writes.map((write) => ledgerWriteSql(this.#key, write)));
  }

  async drop(request: DropRequest): Promise<DropOutcome> {
    await this.#release();
    try {
      return dropObjects(this.#file, request, ledgerWriteSql(this.#key, request.inside), this.#key);
    } finally {
      await this.start();
    }
  }

  async backup(folder: string, signal: AbortSignal): Promise<BackupReport | null> {
    return existsSync(this.#file) ? backUp(this.#file, this.address, folder, signal) : null;
  }

  async expireBackups(policy: BackupPolicy, keep: string): Promise<readonly string[]> {
    return expireBackups(this.#file, policy, keep);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#release();
    if (this.#options.readOnly && !this.#hadSideFiles) tidySideFiles(this.#file);
    this.#lock?.release();
    this.#lock = null;
  }

  /** The process that has the database open. */
  async #open(): Promise<EngineProcess> {
    if (this.#engine === null || this.#engine.isGone) await this.start();
    if (this.#engine === null) throw new TypeError('an engine was started');
    return this.#engine;
  }

  /** A new session of SQLite's: no pragmas, temporary tables or transactions of an earlier one. */
  async #openSession(): Promise<EngineProcess> {
    const engine = await this.#open();
    try {
      await engine.ask('open', { file: this.#file, template: null, live: this.#options.readOnly ? 'read' : 'write' });
    } catch (error) {
      throw new PalindromeError('database-unreadable', `${this.address} cannot be opened: ${messageOf(error)}`, {
        hint: 'Is it a SQLite database, and may this user read and write it?',
        cause: error,
      });
    }
    return engine;
  }

  async #ask(sql: string): Promise<readonly (readonly (string | null)[])[]> {
    const result = await this.query(sql, 2, OWN_MS);
    if (result.status === 'rows') return result.rows;
    throw new PalindromeError('database-unreadable', `${this.address} cannot be read: ${result.fault.message}`, {
      hint: 'Is it a SQLite database, and does no other process keep it locked?',
    });
  }

  async #write(statements: readonly string[]): Promise<void> {
    if (this.#options.readOnly) throw new TypeError('a database that was opened for reading is not written to');
    const engine = await this.#openSession();
    const sql = ['BEGIN IMMEDIATE', ...statements, 'COMMIT'].join(';\n');
    const { answer } = await engine.ask('run', { sql });
    if (answer !== null)
      throw new PalindromeError('database-busy', `The ledger of ${this.address} cannot be written: ${answer.message}`, {
        kind: 'environment',
        hint: 'Another process may be writing to the file, or the disk is full.',
      });
  }

  async #release(): Promise<void> {
    const engine = this.#engine;
    this.#engine = null;
    if (engine === null || engine.isGone) return;
    await engine.ask('close', { keepFile: true });
    await engine[Symbol.asyncDispose]();
  }
}

function stopped(durationMs: number): ScriptOutcome {
  return {
    status: 'failed',
    fault: faultOf('SQLITE_INTERRUPT', 'timeout', 'stopped on request'),
    at: null,
    durationMs,
  };
}

function faultOf(code: string, kind: DatabaseFault['class'], message: string): DatabaseFault {
  const none = { detail: null, hint: null, constraint: null, table: null, column: null };
  return { code, class: kind, message, ...none };
}
