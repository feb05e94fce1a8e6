/**
 * The databases of one run. Each lives in an engine process of its own while it is in use; processes are used again.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster, ClusterOptions, Database, EngineInfo, Template } from '../../core/dialect.ts';
import { PalindromeError, messageOf } from '../../core/errors.ts';
import { sha256 } from '../../core/hash.ts';
import type { Script } from '../../core/migration.ts';
import type { Server } from '../../core/provider.ts';
import { SqliteDatabase } from './database.ts';
import type { Lender, SqliteTemplate } from './lender.ts';
import { EngineProcess } from './engine-process.ts';
import { removeDatabaseFile } from './files.ts';
import type { EngineSetup } from './protocol.ts';

/** Idle processes that are kept for the next database: as many as run cases at once unless more are asked for. */
const IDLE_KEPT = 8;

/** Opens the databases of a run, in memory or as files below the server's folder. */
export async function openSqliteCluster(server: Server, options: ClusterOptions): Promise<Cluster> {
  if (server.dialect !== 'sqlite') throw new Error('A SQLite cluster needs a SQLite server.');
  if (server.folder !== null) makeFolder(server.folder);
  const cluster = new SqliteCluster(server.folder, options);
  await cluster.start(server.provider);
  return cluster;
}

function makeFolder(folder: string): void {
  try {
    if (!existsSync(folder)) mkdirSync(folder);
  } catch (error) {
    throw new PalindromeError('folder-not-writable', `The folder for databases cannot be made: ${messageOf(error)}`, {
      kind: 'environment',
      cause: error,
    });
  }
}

class SqliteCluster implements Cluster, Lender {
  readonly whyNoCrash = 'SQLite has no server: its process is killed instead';
  readonly #folder: string | null;
  readonly #options: ClusterOptions;
  readonly #setup: EngineSetup;
  readonly #idle: EngineProcess[] = [];
  readonly #databases = new Set<Database>();
  readonly #templateFiles = new Set<string>();
  readonly #scriptIds = new WeakMap<Script, number>();
  #scripts = 0;
  #files = 0;
  #version = '';
  #provider = 'sqlite';

  constructor(folder: string | null, options: ClusterOptions) {
    this.#folder = folder;
    this.#options = options;
    this.#setup = {
      foreignKeys: options.foreignKeys,
      functions: Object.entries(options.functions).map(([name, implementation]) => ({
        name,
        isDeterministic: isDeterministic(implementation),
      })),
    };
  }

  async start(provider: string): Promise<void> {
    this.#provider = provider;
    await this.giveBack(await this.borrow());
  }

  get engine(): EngineInfo {
    return {
      dialect: 'sqlite',
      version: this.#version,
      major: this.#version.split('.')[0] ?? this.#version,
      provider: this.#provider,
    };
  }

  async prepare(): Promise<readonly string[]> {
    return [];
  }

  async create(from?: Template): Promise<Database> {
    const template = (from ?? null) as SqliteTemplate | null;
    this.#files++;
    const file = this.#folder === null ? null : join(this.#folder, `database-${this.#files}.sqlite`);
    const database = await SqliteDatabase.open(this, template, file, this.#options.keep);
    this.#databases.add(database);
    return database;
  }

  async freeze(database: Database, key: string): Promise<Template> {
    const own = database as SqliteDatabase;
    this.#files++;
    const name = `template-${this.#files}-${sha256(key).slice(0, 12)}.sqlite`;
    const file = this.#folder === null ? null : join(this.#folder, name);
    const bytes = await own.freezeInto(key, file);
    if (file !== null) this.#templateFiles.add(file);
    return {
      key,
      bytes,
      file,
      [Symbol.asyncDispose]: async () => {
        if (file !== null && !this.#options.keep) removeDatabaseFile(file);
      },
    } satisfies SqliteTemplate as Template;
  }

  async keep(database: Database): Promise<null> {
    await database[Symbol.asyncDispose]();
    return null;
  }

  notes(): readonly string[] {
    const names = this.#setup.functions.map(({ name }) => name);
    return [
      ...(this.#folder === null ? ['Databases live in memory: PRAGMA journal_mode has no lasting effect there.'] : []),
      ...(names.length === 0 ? [] : [`SQL functions of the application: ${names.join(', ')}.`]),
    ];
  }

  async borrow(): Promise<EngineProcess> {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) if (!idle.isGone) return idle;
    const engine = new EngineProcess(this.#options.functions);
    const { answer } = await engine.ask('setup', this.#setup);
    this.#version = answer.version;
    return engine;
  }

  async giveBack(engine: EngineProcess): Promise<void> {
    if (engine.isGone) return;
    if (this.#idle.length >= IDLE_KEPT) await engine[Symbol.asyncDispose]();
    else this.#idle.push(engine);
  }

  scriptId(script: Script): number {
    const known = this.#scriptIds.get(script);
    if (known !== undefined) return known;
    this.#scripts++;
    this.#scriptIds.set(script, this.#scripts);
    return this.#scripts;
  }

  forget(database: Database): void {
    this.#databases.delete(database);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = [...this.#databases];
    await Promise.allSettled(open.map((database) => database[Symbol.asyncDispose]()));
    await Promise.allSettled(this.#idle.splice(0).map((engine) => engine[Symbol.asyncDispose]()));
    if (!this.#options.keep) for (const file of this.#templateFiles) removeDatabaseFile(file);
  }
}

/**
 * Whether equal arguments give equal results, which generated columns and indexes require. A function can say so by a
 * property `deterministic`; without it, one that takes arguments is (`slugify(name)`) and one that takes none is not (`uuid()`).
 */
function isDeterministic(implementation: (...args: unknown[]) => unknown): boolean {
  const declared = (implementation as { readonly deterministic?: unknown }).deterministic;
  return typeof declared === 'boolean' ? declared : implementation.length > 0;
}
