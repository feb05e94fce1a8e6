/**
 * The operations of an engine process, on its one database.
 */
import { existsSync } from 'node:fs';
import type { Script } from '../../core/migration.ts';
import { runAttempts } from './attempt.ts';
import { CaptureMemory, captureDatabase } from './capture.ts';
import { buildCatalog } from './catalog.ts';
import { examineDatabase } from './examine.ts';
import { executeScript, planScript, runStatements } from './execute.ts';
import type { ScriptPlan } from './execute.ts';
import { explainQuery, findIndexes } from './explain.ts';
import type { Guard } from './guard.ts';
import { copyDatabaseFile, removeDatabaseFile } from './files.ts';
import { Home } from './home.ts';
import type { Connection } from './home.ts';
import { runUntil } from './interrupt.ts';
import { introspectSchema } from './introspect.ts';
import { loadDataset } from './load.ts';
import { openConnection, releaseHeld } from './native-objects.ts';
import type { AnswerOf, EngineSetup, OperationName, RequestOf } from './protocol.ts';
import { runQuery } from './query.ts';
import { rankKeys } from './rank.ts';
import { SchemaCache } from './schema.ts';
import { SessionConnections } from './session-connections.ts';

/** Templates whose bytes an engine process keeps. */
const TEMPLATES_KEPT = 4;

type Handlers = { readonly [Name in OperationName]: (request: RequestOf<Name>, block: Buffer) => AnswerOf<Name> };

/** An operation's answer, with bytes where it has some. */
export interface Handled {
  readonly answer: unknown;
  readonly block?: Buffer;
}

export class Engine {
  readonly #guard: Guard;
  readonly #callFunction: (name: string, values: readonly unknown[]) => unknown;
  readonly #templates = new Map<string, Buffer>();
  readonly #scripts = new Map<number, ScriptPlan>();
  readonly #schemas = new SchemaCache();
  #setup: EngineSetup = { foreignKeys: true, functions: [] };
  #home: Home | null = null;
  /** Sessions that stay, on the file of the home. */
  #sessions: SessionConnections | null = null;
  /** The file is a database of the user's own: it must survive the machine, too. */
  #isLive = false;
  readonly #memory = new CaptureMemory();
  #block: Buffer | undefined;

  constructor(guard: Guard, callFunction: (name: string, values: readonly unknown[]) => unknown) {
    this.#guard = guard;
    this.#callFunction = callFunction;
  }

  /** Runs one operation. */
  handle(operation: OperationName, request: unknown, block: Buffer): Handled {
    this.#block = undefined;
    releaseHeld();
    const handler = this.#handlers[operation] as (request: unknown, block: Buffer) => unknown;
    const answer = handler(request, block);
    return this.#block === undefined ? { answer } : { answer, block: this.#block };
  }

  readonly #handlers: Handlers = {
    setup: (setup) => {
      this.#setup = setup;
      const probe = openConnection(':memory:');
      const version = probe.prepare('SELECT sqlite_version()').pluck().get();
      probe.close();
      return { version: String(version) };
    },
    open: ({ file, template, live = null }, block) => {
      this.#leave();
      this.#isLive = live !== null;
      if (file !== null && live !== null) {
        this.#home = new Home(file, Buffer.alloc(0), this.#configure, live === 'read');
      } else if (file !== null) {
        if (template === null) removeDatabaseFile(file);
        else if (template !== file) copyDatabaseFile(template, file);
        this.#home = new Home(file, Buffer.alloc(0), this.#configure);
      } else {
        if (template !== null && block.length > 0) this.#keepTemplate(template, Buffer.from(block));
        const bytes = template === null ? Buffer.alloc(0) : this.#templates.get(template);
        if (bytes === undefined) return { needsTemplate: true };
        this.#home = new Home(null, bytes, this.#configure);
      }
      return { needsTemplate: false };
    },
    restore: (_, block) => {
      this.#leave();
      this.#home = new Home(null, Buffer.from(block), this.#configure);
      return null;
    },
    execute: ({ scriptId, script, upTo, inside = null }) => {
      const plan = this.#planOf(scriptId, script);
      const home = this.#open;
      if (plan.needsNewSession || this.#schemas.read(home).asksSession) home.renew();
      this.#guard.keep(home.image());
      home.touch();
      const mark = (statement: number) => this.#guard.mark(statement);
      const outcome = executeScript(home.connection, plan, upTo, mark, inside);
      if (plan.needsNewSession) home.renew();
      return outcome;
    },
    interrupt: ({ scriptId, script, point }) => {
      const plan = this.#planOf(scriptId, script);
      this.#open.touch();
      const failed = runUntil(this.#open.renew(), plan, point, (statement) => this.#guard.mark(statement));
      if (failed === null) process.kill(process.pid, 'SIGKILL');
      return failed as AnswerOf<'interrupt'>;
    },
    capture: (request) => captureDatabase(this.#open, this.#schemas, this.#memory, request),
    catalog: () => buildCatalog(this.#schemas.read(this.#open)),
    introspect: () => introspectSchema(this.#open, this.#schemas, this.#setup.foreignKeys),
    load: (dataset) => {
      this.#open.touch();
      return { refused: loadDataset(this.#open, this.#schemas, dataset) };
    },
    query: ({ sql, maxRows }) => {
      this.#guard.keep(this.#open.image());
      this.#guard.mark(1);
      return runQuery(this.#open.connection, sql, maxRows);
    },
    explain: (request) => {
      this.#guard.keep(this.#open.image());
      this.#guard.mark(1);
      return explainQuery(this.#open.renew(), request);
    },
    findIndexes: ({ names }) => findIndexes(this.#open.connection, names),
    attempt: ({ attempts }) => {
      this.#open.touch();
      return runAttempts(this.#open.renew(), attempts);
    },
    examine: () => examineDatabase(this.#open.connection),
    run: ({ sql }) => {
      const connection = this.#open.renew();
      this.#guard.keep(this.#open.image());
      this.#guard.mark(1);
      this.#open.touch();
      const fault = runStatements(connection, sql);
      this.#open.renew();
      return fault;
    },
    session: ({ name, action }) => {
      const { file } = this.#open;
      if (file === null) throw new Error('A database in memory has one session.');
      this.#sessions ??= new SessionConnections(file, this.#configure);
      this.#guard.mark(1);
      return this.#sessions.act(name, action);
    },
    rankKeys: ({ table, columns, keys }) => rankKeys(this.#open.connection, table, columns, keys),
    freeze: ({ key }) => {
      this.#sessions?.close();
      this.#sessions = null;
      const home = this.#open;
      if (home.file !== null) {
        // Creates the file where nothing was ever written, and folds a write-ahead log into it.
        home.connection.prepare('PRAGMA user_version').get();
        if (!existsSync(home.file)) home.connection.exec('BEGIN IMMEDIATE; COMMIT');
      }
      home.close();
      const image = home.image();
      if (image !== null) {
        this.#keepTemplate(key, image);
        this.#block = image;
      }
      this.#home = null;
      return null;
    },
    close: ({ keepFile }) => {
      const file = this.#home?.file ?? null;
      this.#leave();
      if (file !== null && !keepFile) removeDatabaseFile(file);
      return null;
    },
  };

  /** Ends every session of the database that is open. */
  #leave(): void {
    this.#sessions?.close();
    this.#sessions = null;
    this.#home?.close();
    this.#home = null;
  }

  get #open(): Home {
    if (this.#home === null) throw new Error('No database is open.');
    return this.#home;
  }

  #planOf(id: number, script: Script | null): ScriptPlan {
    const known = this.#scripts.get(id);
    if (known !== undefined) return known;
    if (script === null) throw new Error(`Script ${id} was never sent.`);
    const plan = planScript(script);
    this.#scripts.set(id, plan);
    return plan;
  }

  #keepTemplate(key: string, bytes: Buffer): void {
    this.#templates.set(key, bytes);
    const oldest = this.#templates.keys().next().value;
    if (this.#templates.size > TEMPLATES_KEPT && oldest !== undefined) this.#templates.delete(oldest);
  }

  readonly #configure = (connection: Connection): void => {
    connection.exec(`PRAGMA foreign_keys = ${this.#setup.foreignKeys ? 'ON' : 'OFF'}`);
    // Throwaway files need to survive the end of a process, not of the machine.
    if (!this.#isLive && this.#home?.file !== null) connection.exec('PRAGMA synchronous = OFF');
    for (const { name, isDeterministic } of this.#setup.functions) {
      connection.function(
        name,
        { varargs: true, deterministic: isDeterministic, safeIntegers: true },
        (...values: unknown[]) => this.#callFunction(name, values),
      );
    }
  };
}
