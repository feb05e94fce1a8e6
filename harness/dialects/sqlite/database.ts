/**
 * One throwaway database, as the harness sees it: each operation is one message to the engine process that holds it.
 * When a script exceeds its time, the process is killed and the database continues in another one, as it stood when
 * the statement began: a file by its own journal, memory by the image that the guard thread kept.
 */
import { copyFileSync } from 'node:fs';
import type {
  Attempt,
  AttemptResult,
  CaptureRequest,
  Database,
  ExecutionLimits,
  ExplainRequest,
  ExplainResult,
  IndexState,
  LoadResult,
  QueryResult,
  Refusal,
} from '../../core/dialect.ts';
import type { Dataset, Row } from '../../core/dataset.ts';
import { PalindromeError } from '../../core/errors.ts';
import type { LiveDatabase } from '../../core/live.ts';
import type { StopOutcome, StopPoint } from '../../core/interruption.ts';
import type { Script } from '../../core/migration.ts';
import type { PagerConnection } from '../../core/pager.ts';
import type { SchemaModel } from '../../core/schema.ts';
import type { DatabaseSession, RankedColumn, SessionRequest } from '../../core/session.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { DatabaseFault, ScriptOutcome } from '../../core/trace.ts';
import type { Lender, SqliteTemplate } from './lender.ts';
import type { EngineProcess, Reply } from './engine-process.ts';
import { planScript, refTo } from './execute.ts';
import { removeDatabaseFile } from './files.ts';
import { openThrowaway } from './live-throwaway.ts';
import { SqliteSession } from './session.ts';
import { damageFiles } from './stopped-files.ts';

/** `run` prepares data and has no limit of its own. */
const RUN_MS = 120_000;
const GONE = { status: 'done', columns: [], rows: [], transaction: null, snapshot: null } as const;

export class SqliteDatabase implements Database {
  readonly #lender: Lender;
  readonly #template: SqliteTemplate | null;
  readonly #file: string | null;
  readonly #keep: boolean;
  #engine: EngineProcess | null;

  private constructor(
    lender: Lender,
    engine: EngineProcess,
    template: SqliteTemplate | null,
    file: string | null,
    keep: boolean,
  ) {
    this.#lender = lender;
    this.#engine = engine;
    this.#template = template;
    this.#file = file;
    this.#keep = keep;
  }

  /** Opens an empty database or a clone. */
  static async open(
    lender: Lender,
    template: SqliteTemplate | null,
    file: string | null,
    keep: boolean,
  ): Promise<SqliteDatabase> {
    const database = new SqliteDatabase(lender, await lender.borrow(), template, file, keep);
    await database.#openFromTemplate();
    return database;
  }

  get address(): string {
    return this.#file ?? ':memory:';
  }

  async execute(script: Script, limits: ExecutionLimits, inside: string | null = null): Promise<ScriptOutcome> {
    const startedAt = performance.now();
    const reply = await this.#execute(script, null, limits, inside);
    if (reply.status === 'answered') return reply.answer;
    await this.#revive(reply.image);
    await this.#repeatUntil(script, reply.statement, limits);
    return {
      status: 'timed-out',
      limitMs: reply.limitMs,
      at: refTo(planScript(script), reply.statement - 1),
      durationMs: Math.round(performance.now() - startedAt),
    };
  }

  async #execute(
    script: Script,
    upTo: number | null,
    limits: ExecutionLimits,
    inside: string | null = null,
  ): Promise<Reply<'execute'>> {
    const engine = this.#held;
    const scriptId = this.#lender.scriptId(script);
    const request = { scriptId, script: engine.knownScripts.has(scriptId) ? null : script, upTo, inside };
    const reply = await engine.call('execute', request, {
      statementMs: limits.statementMs,
      totalMs: limits.scriptMs,
    });
    engine.knownScripts.add(scriptId);
    return reply;
  }

  async interrupt(script: Script, limits: ExecutionLimits, point: StopPoint): Promise<StopOutcome> {
    const file = this.#file;
    if (file === null) throw new Error('A database in memory dies with its process.');
    const engine = this.#held;
    const { answer: mode } = await engine.ask('query', {
      sql: 'SELECT journal_mode FROM pragma_journal_mode',
      maxRows: 1,
    });
    const scriptId = this.#lender.scriptId(script);
    const request = { scriptId, script: engine.knownScripts.has(scriptId) ? null : script, point };
    const times = { statementMs: limits.statementMs, totalMs: limits.scriptMs };
    try {
      const reply = await engine.call('interrupt', request, times);
      if (reply.status === 'answered') return { status: 'failed', outcome: reply.answer };
    } catch (error) {
      if (!(error instanceof PalindromeError) || error.code !== 'server-lost') throw error;
    }
    // The files are nobody's only once the process is gone.
    await engine[Symbol.asyncDispose]();
    const missed = damageFiles(file, point.storage);
    await this.#revive(Buffer.alloc(0));
    // Opening has recovered the files; from here on the database is as it was set up.
    if (mode.status === 'rows') await this.run(`PRAGMA journal_mode = ${mode.rows[0]?.[0] ?? 'delete'}`);
    return missed === null ? { status: 'stopped' } : { status: 'missed', reason: missed };
  }

  /**
   * In memory, statements before the one that was stopped have to be run again: each had committed.
   * In a file they are there, and a transaction that was open is not.
   */
  async #repeatUntil(script: Script, statement: number, limits: ExecutionLimits): Promise<void> {
    if (this.#file !== null || script.transaction === 'wrapped' || statement <= 1) return;
    const again = await this.#execute(script, statement - 1, limits);
    if (again.status === 'timed-out') await this.#revive(again.image);
  }

  async #revive(image: Buffer): Promise<void> {
    this.#engine = await this.#lender.borrow();
    if (this.#file === null) await this.#held.ask('restore', {}, image);
    else await this.#held.ask('open', { file: this.#file, template: this.#file });
  }

  async capture(request: CaptureRequest): Promise<Snapshot> {
    const engine = this.#held;
    const { answer } = await engine.ask('capture', request);
    return engine.captures.complete(answer);
  }

  async introspect(): Promise<SchemaModel> {
    return (await this.#held.ask('introspect', {})).answer;
  }

  async load(dataset: Dataset): Promise<LoadResult> {
    const { answer } = await this.#held.ask('load', dataset);
    if (answer.refused.length === 0) return { loaded: dataset, refused: [] };
    const left = new Set(answer.refused.map(({ table, row }) => `${table}/${row}`));
    const tables = dataset.tables.map((table, index) => ({
      ...table,
      rows: table.rows.filter((_, row) => !left.has(`${index}/${row}`)),
    }));
    return { loaded: { tables }, refused: answer.refused.flatMap((refused) => toRefusal(dataset, refused)) };
  }

  async query(sql: string, maxRows: number, limitMs: number): Promise<QueryResult> {
    const reply = await this.#held.call('query', { sql, maxRows }, { statementMs: limitMs, totalMs: limitMs });
    if (reply.status === 'answered') return reply.answer;
    await this.#revive(reply.image);
    return { status: 'failed', fault: timeoutFault(limitMs) };
  }

  async explain({ sql, params, limitMs }: ExplainRequest): Promise<ExplainResult> {
    const reply = await this.#held.call('explain', { sql, params }, { statementMs: limitMs, totalMs: limitMs });
    if (reply.status === 'answered') return reply.answer;
    await this.#revive(reply.image);
    return { status: 'failed', fault: timeoutFault(limitMs) };
  }

  async findIndexes(names: readonly string[]): Promise<readonly IndexState[]> {
    return (await this.#held.ask('findIndexes', { names })).answer;
  }

  async attempt(attempts: readonly Attempt[]): Promise<readonly AttemptResult[]> {
    return attempts.length === 0 ? [] : (await this.#held.ask('attempt', { attempts })).answer;
  }

  async openLive(ledgerTable: string): Promise<LiveDatabase> {
    const answers = {
      execute: (script: Script, limits: ExecutionLimits, inside: string | null) => this.execute(script, limits, inside),
      query: (sql: string, maxRows: number, limitMs: number) => this.query(sql, maxRows, limitMs),
      run: (sql: string) => this.run(sql),
      catalog: async () => (await this.#held.ask('catalog', {})).answer,
    };
    return openThrowaway(this.address, ledgerTable, answers);
  }

  async reach(): Promise<PagerConnection> {
    if (this.#file === null)
      throw new PalindromeError('pager-fails', 'A SQLite database in memory cannot be reached by a module.', {
        hint: 'The database has to be a file.',
      });
    return { dialect: 'sqlite', url: this.#file };
  }

  async openSession({ name, isReadOnly }: SessionRequest): Promise<DatabaseSession> {
    const engine = this.#held;
    const session = new SqliteSession(name, async (action) => {
      // A database that was closed or brought back ended its sessions with it.
      const isGone = engine.isGone || this.#engine !== engine;
      if (isGone && action.do === 'close') return GONE;
      if (isGone) throw new Error(`The database of session ${name} is closed.`);
      return (await engine.ask('session', { name, action })).answer;
    });
    await engine.ask('session', { name, action: { do: 'open', isReadOnly } });
    return session;
  }

  async openWriter(): Promise<null> {
    return null;
  }

  async rankKeys(table: string, columns: readonly RankedColumn[], keys: readonly Row[]): Promise<readonly number[]> {
    return (await this.#held.ask('rankKeys', { table, columns, keys })).answer;
  }

  async examine(): Promise<readonly { readonly object: string; readonly message: string }[]> {
    return (await this.#held.ask('examine', {})).answer;
  }

  async run(sql: string): Promise<void> {
    const reply = await this.#held.call('run', { sql }, { statementMs: RUN_MS, totalMs: RUN_MS });
    if (reply.status === 'timed-out') {
      await this.#revive(reply.image);
      throw new PalindromeError('sql-failed', timeoutFault(RUN_MS).message);
    }
    if (reply.answer !== null) throw new PalindromeError('sql-failed', reply.answer.message);
  }

  /** As `reset`, which costs less than taking rows out. */
  async empty(): Promise<boolean> {
    return this.reset();
  }

  async reset(): Promise<boolean> {
    await this.#openFromTemplate();
    return true;
  }

  /** Turns this database into a template: returns its bytes, or moves its file to `file`. */
  async freezeInto(key: string, file: string | null): Promise<Buffer | null> {
    const engine = this.#held;
    const { block } = await engine.ask('freeze', { key });
    if (file !== null && this.#file !== null) {
      copyFileSync(this.#file, file);
      removeDatabaseFile(this.#file);
    }
    this.#engine = null;
    this.#lender.forget(this);
    await this.#lender.giveBack(engine);
    return file === null ? Buffer.from(block) : null;
  }

  async #openFromTemplate(): Promise<void> {
    const template = this.#template;
    const request = {
      file: this.#file,
      template: this.#file === null ? (template?.key ?? null) : (template?.file ?? null),
    };
    const { answer } = await this.#held.ask('open', request);
    if (answer.needsTemplate) await this.#held.ask('open', request, template?.bytes ?? Buffer.alloc(0));
  }

  get #held(): EngineProcess {
    if (this.#engine === null) throw new Error('This database was disposed or frozen.');
    return this.#engine;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const engine = this.#engine;
    this.#engine = null;
    this.#lender.forget(this);
    if (engine === null || engine.isGone) {
      if (this.#file !== null && !this.#keep) removeDatabaseFile(this.#file);
      return;
    }
    await engine.ask('close', { keepFile: this.#keep });
    await this.#lender.giveBack(engine);
  }
}

function toRefusal(dataset: Dataset, refused: { table: number; row: number; fault: DatabaseFault | null }): Refusal[] {
  const table = dataset.tables[refused.table];
  const row = table?.rows[refused.row];
  if (table === undefined || row === undefined || refused.fault === null) return [];
  return [{ table: table.table, row, fault: refused.fault }];
}

function timeoutFault(limitMs: number): DatabaseFault {
  return {
    code: 'SQLITE_INTERRUPT',
    class: 'timeout',
    message: `stopped after ${limitMs} ms`,
    detail: null,
    hint: null,
    constraint: null,
    table: null,
    column: null,
  };
}
