/**
 * One throwaway database: a session for scripts, a session for looking, and what is known between the two.
 */
import { DatabaseError } from 'pg';
import type { Client } from 'pg';
import type { Dataset, Row } from '../../core/dataset.ts';
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
} from '../../core/dialect.ts';
import { messageOf, PalindromeError } from '../../core/errors.ts';
import type { LiveDatabase } from '../../core/live.ts';
import type { StopOutcome, StopPoint } from '../../core/interruption.ts';
import type { Script } from '../../core/migration.ts';
import type { PagerConnection } from '../../core/pager.ts';
import type { SchemaModel } from '../../core/schema.ts';
import type { DatabaseSession, RankedColumn, SessionRequest, WriterSession } from '../../core/session.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { ScriptOutcome } from '../../core/trace.ts';
import { runAttempts } from './attempt.ts';
import { captureSnapshot, LOOK_SETTINGS } from './capture.ts';
import type { FullSnapshot, Shape } from './capture.ts';
import { addressOf, closeClient, openClient, queryRows, urlOf } from './connection.ts';
import type { PostgresServer } from './connection.ts';
import { examineIndexes } from './examine.ts';
import { executeScript } from './execute.ts';
import { explainQuery, findIndexes } from './explain.ts';
import { isSessionLost, rethrow, serverLost } from './faults.ts';
import { openGate } from './gate.ts';
import type { Gate } from './gate.ts';
import { touchesGlobals } from './globals.ts';
import type { Canceller } from './guard.ts';
import { interruptScript } from './interrupt.ts';
import { introspectSchema } from './introspect.ts';
import { openLivePostgres } from './live.ts';
import { loadDataset } from './load.ts';
import { readQuery } from './read-query.ts';
import { readResidue } from './residue.ts';
import type { Residue } from './residue.ts';
import { emptyTables, resetToBaseline } from './reset.ts';
import { changesDefaults, outlivesDiscard, ScriptSession } from './script-session.ts';
import type { SessionDefaults } from './script-session.ts';
import { PostgresSessions } from './sessions.ts';
import { readStructure } from './structure.ts';
import type { Structure } from './structure.ts';

/** Rows a table may have for its template's content to be kept for resetting. */
export const BASELINE_ROWS = 2_000;
/** A table that never had a row has no page. */
const UNLOGGED_ROWS = `SELECT FROM pg_catalog.pg_class WHERE relpersistence = 'u' AND relkind IN ('r', 'm')
  AND pg_catalog.pg_relation_size(oid) > 0 LIMIT 1`;
const SESSION_CODES = /^(08|57P0)/;

/** What a database needs from its cluster. */
export interface DatabaseHost extends Canceller {
  readonly server: PostgresServer;
  readonly sessionDefaults: SessionDefaults;
  /** Throws where the cluster's own session is gone. */
  ping(): Promise<void>;
  /** Told when a script may have changed roles or other state of the server. */
  onGlobalsTouched(script: string): void;
  /** Puts roles and server settings back to what they were for `origin`; false where that failed. */
  restoreGlobals(origin: Origin | null): Promise<boolean>;
  drop(name: string): Promise<void>;
  /** Runs a query that is about the whole server, in a session outside the database. */
  ask(sql: string): Promise<readonly Row[]>;
  readonly whyNoCrash: string | null;
  /** Crashes the server and starts it again: every session is lost, what was committed is there. */
  crash(): Promise<void>;
}

/** The template that a database was cloned from. */
export interface Origin {
  readonly baseline: FullSnapshot;
  readonly residue: Residue;
  /** Whether scripts behind the template use what only a new session sees. */
  readonly needsNewSessions: boolean;
}

/** Made by `PostgresCluster.create`. */
export class PostgresDatabase implements Database {
  readonly name: string;
  readonly address: string;
  private readonly host: DatabaseHost;
  private readonly origin: Origin | null;
  private readonly scripts: ScriptSession;
  private readonly sessions: PostgresSessions;
  private inspector: Client | null = null;
  private gate: Promise<Gate> | null = null;
  /** Catalog and structure, as long as nothing but rows changed since they were read. */
  private known: Shape | null;
  /** The last snapshot, as long as nothing changed since. */
  private latest: FullSnapshot | null;
  /** The last snapshot, though scripts ran since; a crash may have taken back what it saw. */
  private earlier: FullSnapshot | null = null;
  private needsNewSessions: boolean;
  private isGone = false;

  constructor(host: DatabaseHost, name: string, origin: Origin | null) {
    this.host = host;
    this.name = name;
    this.origin = origin;
    this.address = addressOf(host.server, name);
    this.scripts = new ScriptSession(host.server, name, host.sessionDefaults);
    this.sessions = new PostgresSessions(host.server, name, this.address);
    this.known = origin?.baseline ?? null;
    this.latest = origin?.baseline ?? null;
    this.needsNewSessions = origin?.needsNewSessions ?? false;
  }

  async execute(script: Script, limits: ExecutionLimits): Promise<ScriptOutcome> {
    return this.guard('running a script', async () => {
      this.forget();
      this.needsNewSessions ||= outlivesDiscard(script.text);
      if (touchesGlobals(script.text)) this.host.onGlobalsTouched(script.text);
      const client = await this.scripts.open(limits.statementMs);
      const outcome = await executeScript(client, script, limits, this.host);
      const isBroken = client.connection.stream.destroyed;
      await this.scripts.finish(this.needsNewSessions);
      if (changesDefaults(script.text)) await this.closeInspector();
      const isLost = outcome.status === 'failed' && SESSION_CODES.test(outcome.fault.code);
      // A script that nothing ends is slow only where the server still answers somebody.
      if (isLost || (outcome.status === 'timed-out' && isBroken)) await this.proveServerAlive();
      return outcome;
    });
  }

  async interrupt(script: Script, limits: ExecutionLimits, point: StopPoint): Promise<StopOutcome> {
    return this.guard('interrupting a script', async () => {
      this.forget();
      this.needsNewSessions ||= outlivesDiscard(script.text);
      if (touchesGlobals(script.text)) this.host.onGlobalsTouched(script.text);
      const open: Client[] = [];
      const owned = (client: Client): Client => {
        open.push(client);
        return client;
      };
      const another = async (): Promise<Client> => owned(await openClient(this.host.server, this.name));
      try {
        const missed = point.how === 'server-crash' ? await this.whyNoCrash() : null;
        const sessions = { victim: owned(await this.scripts.take(limits.statementMs)), another };
        const given = missed === null ? point : { ...point, how: 'killed' as const };
        const stop = await interruptScript(sessions, script, limits, given, this.host);
        if (stop.status === 'failed' && sessions.victim.connection.stream.destroyed) await this.proveServerAlive();
        return missed === null || stop.status !== 'stopped'
          ? stop
          : { status: 'missed', reason: `only the session was killed: ${missed}` };
      } finally {
        await Promise.all(open.map(closeClient));
        if (point.how === 'server-crash') this.earlier = null;
        if (changesDefaults(script.text) || point.how === 'server-crash') await this.abandonSessions();
      }
    });
  }

  async capture(request: CaptureRequest): Promise<Snapshot> {
    return this.guard('reading the state', () => this.captureFull(request));
  }

  /** As `capture`, with what resetting needs. */
  async captureFull(request: CaptureRequest): Promise<FullSnapshot> {
    const snapshot = await captureSnapshot(
      await this.inspect(),
      request,
      { shape: this.known, earlier: this.earlier, memory: (this.earlier ?? this.origin?.baseline)?.memory ?? null },
      {
        // Other users of a shared server may make roles at any time.
        roles: this.host.server.isExclusive,
      },
    );
    this.known = snapshot;
    this.latest = snapshot;
    this.earlier = snapshot;
    return snapshot;
  }

  /** Whether a crash of the server would take rows along that are there now. */
  async hasUnloggedRows(): Promise<boolean> {
    const rows = await queryRows(await this.inspect(), UNLOGGED_ROWS);
    return rows.length > 0;
  }

  /** What a reset compares beside the snapshot. */
  async readResidue(): Promise<Residue> {
    return readResidue(await this.inspect());
  }

  async introspect(): Promise<SchemaModel> {
    return this.guard('reading the schema', async () =>
      introspectSchema(await this.inspect(), this.latest?.catalog ?? null),
    );
  }

  async load(dataset: Dataset, model: SchemaModel): Promise<LoadResult> {
    return this.guard('loading rows', async () => {
      const { sequences } = await this.structure();
      this.latest = null;
      const result = await loadDataset(await this.scripts.openAny(), dataset, model, sequences);
      this.scripts.finishLater(this.needsNewSessions);
      return result;
    });
  }

  async query(sql: string, maxRows: number, limitMs: number): Promise<QueryResult> {
    return this.guard('asking a query', async () => readQuery(await this.scripts.openAny(), sql, maxRows, limitMs));
  }

  async explain(request: ExplainRequest): Promise<ExplainResult> {
    return this.guard('asking for a plan', async () => explainQuery(await this.scripts.openAny(), request));
  }

  async findIndexes(names: readonly string[]): Promise<readonly IndexState[]> {
    return this.guard('looking for indexes', async () => findIndexes(await this.inspect(), names));
  }

  async attempt(attempts: readonly Attempt[]): Promise<readonly AttemptResult[]> {
    return this.guard('trying statements', async () => {
      this.latest = null;
      const results = await runAttempts(await this.scripts.openAny(), attempts);
      this.scripts.finishLater(this.needsNewSessions);
      return results;
    });
  }

  async openLive(ledgerTable: string, scripts: readonly Script[]): Promise<LiveDatabase> {
    this.forget();
    for (const { text } of scripts) if (touchesGlobals(text)) this.host.onGlobalsTouched(text);
    const { host, port, user, password, ssl } = this.host.server;
    const where = { host, port, user, password: password ?? undefined, tls: ssl ? 'require' : 'disable' } as const;
    return this.guard('opening the database for the runner', () =>
      openLivePostgres(
        { dialect: 'postgres', ...where, database: this.name },
        { readOnly: false, ledgerTable, create: false, foreignKeys: true, functions: {} },
      ),
    );
  }

  async openSession(request: SessionRequest): Promise<DatabaseSession> {
    return this.guard('opening a session', async () => {
      // What it writes is nobody's to tell: only what is read again counts.
      this.latest = null;
      return this.sessions.open(request);
    });
  }

  async openWriter(name: string): Promise<WriterSession> {
    return this.guard('opening a session', async () => {
      this.latest = null;
      return this.sessions.openWriter(name);
    });
  }

  async rankKeys(table: string, columns: readonly RankedColumn[], keys: readonly Row[]): Promise<readonly number[]> {
    return this.guard('ordering keys', () => this.sessions.rank(table, columns, keys));
  }

  async examine(tables: readonly string[]): Promise<readonly { readonly object: string; readonly message: string }[]> {
    return this.guard('examining indexes', async () => {
      // A session that was there before may still compute index entries by a function's old body.
      const client = await openClient(this.host.server, this.name);
      try {
        return await examineIndexes(client, tables);
      } finally {
        await closeClient(client);
      }
    });
  }

  async run(sql: string): Promise<void> {
    return this.guard('preparing data', async () => {
      this.forget();
      this.needsNewSessions ||= outlivesDiscard(sql);
      const client = await this.scripts.openAny();
      try {
        await client.query(sql);
      } catch (error) {
        if (!(error instanceof DatabaseError) || isSessionLost(error)) throw error;
        throw new PalindromeError('preparation-failed', `${error.message} (SQLSTATE ${error.code ?? '?'})`, {
          cause: error,
        });
      } finally {
        await this.scripts.finish(this.needsNewSessions);
      }
    });
  }

  async empty(): Promise<boolean> {
    return this.guard('emptying tables', async () => {
      this.latest = null;
      const isEmptied = await emptyTables(await this.scripts.openAny());
      await this.scripts.finish(this.needsNewSessions);
      return isEmptied;
    });
  }

  async reset(current: Snapshot | null): Promise<boolean> {
    const { origin } = this;
    if (origin === null) return false;
    return this.guard('resetting', async () => {
      if (!(await this.host.restoreGlobals(origin))) return false;
      const now =
        this.freshest(current) ?? (await this.captureFull({ maxRowsPerTable: BASELINE_ROWS, projections: [] }));
      const sessions = { looking: await this.inspect(), writing: async () => this.scripts.openAny() };
      const isReset = await resetToBaseline(sessions, origin, now, BASELINE_ROWS);
      await this.scripts.finish(this.needsNewSessions);
      this.known = isReset ? origin.baseline : null;
      this.latest = isReset ? origin.baseline : null;
      this.needsNewSessions = origin.needsNewSessions;
      return isReset;
    });
  }

  async reach(): Promise<PagerConnection> {
    const { server } = this.host;
    // What comes in that way may write: only what is read again counts.
    this.latest = null;
    const gate = server.host.startsWith('/') ? await (this.gate ??= openGate(server)) : null;
    const way = gate === null ? server : { ...server, host: '127.0.0.1', port: gate.port, password: gate.password };
    return { dialect: 'postgres', url: urlOf(way, this.name) };
  }

  /** Closes every session, so that the database can be a template. The handle is used up. */
  async release(): Promise<void> {
    this.isGone = true;
    await (await this.gate)?.close();
    this.gate = null;
    await this.sessions.close();
    await this.scripts.close();
    await this.closeInspector();
  }

  /** Where sessions of other parts of this dialect connect to. */
  get whereabouts(): { readonly server: PostgresServer; readonly name: string } {
    return { server: this.host.server, name: this.name };
  }

  /** Whether scripts that ran here use what only a new session sees. */
  get usesNewSessions(): boolean {
    return this.needsNewSessions;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isGone) return;
    await this.release();
    await this.host.drop(this.name);
  }

  /** The caller's snapshot counts only where it is the last one and nothing ran since. */
  private freshest(current: Snapshot | null): FullSnapshot | null {
    return current !== null && current === this.latest ? this.latest : null;
  }

  private async structure(): Promise<Structure> {
    if (this.known !== null) return this.known.structure;
    const client = await this.inspect();
    await client.query(`BEGIN READ ONLY; SET LOCAL search_path = ''`);
    const structure = await readStructure(client);
    await client.query('COMMIT');
    return structure;
  }

  private async whyNoCrash(): Promise<string | null> {
    if (this.host.whyNoCrash !== null) return this.host.whyNoCrash;
    return (await this.hasUnloggedRows()) ? 'a crash empties unlogged tables that were there before the script' : null;
  }

  private forget(): void {
    this.known = null;
    this.latest = null;
  }

  private async inspect(): Promise<Client> {
    this.inspector ??= await openClient(this.host.server, this.name, { settings: LOOK_SETTINGS });
    return this.inspector;
  }

  private async closeInspector(): Promise<void> {
    const client = this.inspector;
    this.inspector = null;
    await closeClient(client);
  }

  /** A session can die alone (a script may terminate its own); the server is lost only where a new one cannot be had. */
  private async proveServerAlive(): Promise<void> {
    await closeClient(await openClient(this.host.server, this.name));
    await this.host.ping();
  }

  private async guard<T>(doing: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof PalindromeError && error.code === 'server-unreachable')
        throw serverLost(error, this.address);
      if (!(error instanceof PalindromeError)) await this.abandonSessions();
      if (!(error instanceof DatabaseError) && !isNetworkError(error) && !(error instanceof PalindromeError))
        throw error;
      return rethrow(error, this.address, doing);
    }
  }

  private async abandonSessions(): Promise<void> {
    await this.sessions.close();
    await this.scripts.close();
    await this.closeInspector();
  }
}

/** Errors of the socket have a `code` or are pg's own about the connection; a bug of ours is neither. */
function isNetworkError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' || /connection|client/i.test(messageOf(error));
}
