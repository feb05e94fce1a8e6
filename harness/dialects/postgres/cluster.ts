/**
 * The databases of one run on one server: makes, freezes, clones and drops them, and keeps what all of them share as it was.
 * Its one invariant: it only ever drops databases that carry its own run's name.
 */
import type { Client } from 'pg';
import type { Cluster, ClusterOptions, Database, EngineInfo, Requirements, Template } from '../../core/dialect.ts';
import type { Row } from '../../core/dataset.ts';
import { messageOf, PalindromeError } from '../../core/errors.ts';
import { addressOf, closeClient, openClient, queryRows, queryText, takeTurns } from './connection.ts';
import type { PostgresServer } from './connection.ts';
import { BASELINE_ROWS, PostgresDatabase } from './database.ts';
import type { DatabaseHost, Origin } from './database.ts';
import { rethrow, serverLost } from './faults.ts';
import { readGlobals, restoreGlobals, settingSql } from './globals.ts';
import type { Globals } from './globals.ts';
import { prepareServer } from './prepare.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';
import { databaseName, sweepOrphans } from './sweep.ts';

/** Counts over all clusters of the process: several may share a server and its run. */
let databasesMade = 0;

/** Opens the databases of a running server; drops what dead runs left on a shared one. */
export async function openPostgresCluster(server: PostgresServer, options: ClusterOptions): Promise<Cluster> {
  const admin = takeTurns(await openClient(server, server.database));
  try {
    if (server.provider !== 'embedded') await sweepOrphans(server);
    const [row] = await queryRows(
      admin,
      `SELECT current_setting('server_version'), current_setting('server_version_num')`,
    );
    const major = String(Math.floor(Number(row?.[1] ?? '0') / 10_000));
    const version = (row?.[0] ?? '').split(' ')[0] ?? '';
    const engine: EngineInfo = { dialect: 'postgres', version, major, provider: server.provider };
    return new PostgresCluster(server, admin, engine, options, await readGlobals(admin));
  } catch (error) {
    await closeClient(admin);
    if (error instanceof PalindromeError) throw error;
    return rethrow(error, addressOf(server, server.database), 'opening the server');
  }
}

/** A frozen database. */
class PostgresTemplate implements Template {
  readonly key: string;
  readonly name: string;
  readonly origin: Origin;
  readonly globals: Globals;
  /** `ALTER … SET` tails of settings of this database, which a clone does not inherit, by role (empty: all). */
  readonly settings: readonly { readonly role: string; readonly setting: string }[];
  private readonly drop: (name: string) => Promise<void>;

  constructor(
    key: string,
    name: string,
    origin: Origin,
    globals: Globals,
    settings: PostgresTemplate['settings'],
    drop: (name: string) => Promise<void>,
  ) {
    this.key = key;
    this.name = name;
    this.origin = origin;
    this.globals = globals;
    this.settings = settings;
    this.drop = drop;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.drop(this.name);
  }
}

class PostgresCluster implements Cluster, DatabaseHost {
  readonly engine: EngineInfo;
  readonly server: PostgresServer;
  readonly sessionDefaults = { statementMs: 0 };
  private readonly options: ClusterOptions;
  private admin: Client;
  private readonly live = new Set<string>();
  /** Weak: a set of hundreds of migrations makes as many templates, each with a whole catalog, and needs few at a time. */
  private readonly templates = new WeakMap<Origin, PostgresTemplate>();
  /** Made here, where no database is in scope: a template must not keep the one it was made from, nor that one's template, and so on. */
  private readonly dropNamed = (name: string): Promise<void> => this.drop(name);
  private readonly noted: string[] = [];
  private readonly madeRoles: string[] = [];
  private initial: Globals;
  /** What the last database started from. */
  private wanted: Globals;
  /** The words of scripts that may have changed state of the server; null: none did. */
  private globalWords: Set<string> | null = null;
  /** Where empty databases start; known from the second one on, since a single one is not brought back. */
  private empty: Origin | null = null;
  private hasMadeEmpty = false;
  /** A template has rows in a table that is not logged. */
  private keepsUnlogged = false;

  constructor(server: PostgresServer, admin: Client, engine: EngineInfo, options: ClusterOptions, initial: Globals) {
    this.server = server;
    this.admin = admin;
    this.engine = engine;
    this.options = options;
    this.initial = initial;
    this.wanted = initial;
  }

  get whyNoCrash(): string | null {
    const { crash } = this.server;
    if (!crash.isPossible) return crash.why;
    return this.keepsUnlogged ? 'a crash would empty the unlogged tables that migrations of this set fill' : null;
  }

  async crash(): Promise<void> {
    const { crash } = this.server;
    if (!crash.isPossible) throw new TypeError(crash.why);
    // A commit that was answered is on disk, as with the settings of a real server; ours answers before it writes.
    await this.admin.query(
      `BEGIN; SET LOCAL synchronous_commit = on; SELECT pg_catalog.pg_logical_emit_message(true, 'palindrome', ''); COMMIT`,
    );
    await closeClient(this.admin);
    await crash.run();
    this.admin = takeTurns(await openClient(this.server, this.server.database));
  }

  async prepare(requirements: Requirements): Promise<readonly string[]> {
    return this.guard('preparing the server', async () => {
      const { unmet, roles } = await prepareServer(this.admin, requirements, this.engine.major);
      if (roles.length > 0) {
        this.madeRoles.push(...roles);
        this.noted.push(
          `made the ${roles.length === 1 ? 'role' : 'roles'} ${roles.join(', ')}, which scripts name and none creates`,
        );
        this.initial = await readGlobals(this.admin);
      }
      return unmet;
    });
  }

  async create(from?: Template): Promise<Database> {
    return this.guard('making a database', async () => {
      if (from !== undefined && !(from instanceof PostgresTemplate))
        throw new TypeError('a template of another cluster');
      await this.restoreGlobals(from?.origin ?? null);
      const name = databaseName(this.server.runId, ++databasesMade);
      this.live.add(name);
      await (from === undefined ? this.createEmpty(name) : this.clone(name, from));
      return new PostgresDatabase(this, name, from === undefined ? await this.emptyOrigin(name) : from.origin);
    });
  }

  async freeze(database: Database, key: string): Promise<Template> {
    return this.guard('freezing a template', async () => {
      if (!(database instanceof PostgresDatabase)) throw new TypeError('a database of another cluster');
      const baseline = await database.captureFull({ maxRowsPerTable: BASELINE_ROWS, projections: [] });
      const residue = await database.readResidue();
      this.keepsUnlogged ||= await database.hasUnloggedRows();
      const origin: Origin = { baseline, residue, needsNewSessions: database.usesNewSessions };
      await database.release();
      await this.admin.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${quoteLiteral(database.name)}`,
      );
      const globals = this.globalWords === null ? this.initial : await readGlobals(this.admin);
      const settings = await this.readSettings(database.name);
      const template = new PostgresTemplate(key, database.name, origin, globals, settings, this.dropNamed);
      this.templates.set(origin, template);
      return template;
    });
  }

  async keep(database: Database): Promise<string> {
    if (!(database instanceof PostgresDatabase)) throw new TypeError('a database of another cluster');
    await database.release();
    this.live.delete(database.name);
    return database.address;
  }

  notes(): readonly string[] {
    return this.noted;
  }

  async ask(sql: string): Promise<readonly Row[]> {
    return queryRows(this.admin, sql);
  }

  async cancel(pid: number): Promise<void> {
    await this.admin.query(`SELECT pg_cancel_backend(${pid})`).catch(() => undefined);
  }

  async terminate(pid: number): Promise<void> {
    await this.admin.query(`SELECT pg_terminate_backend(${pid})`).catch(() => undefined);
  }

  onGlobalsTouched(script: string): void {
    this.globalWords ??= new Set();
    for (const [word] of script.toLowerCase().matchAll(/[\p{L}\p{N}_$]+/gu)) this.globalWords.add(word);
  }

  async restoreGlobals(origin: Origin | null): Promise<boolean> {
    if (this.globalWords === null) return true;
    this.wanted = (origin === null ? undefined : this.templates.get(origin)?.globals) ?? this.initial;
    return (await restoreGlobals(this.admin, this.wanted, (role) => this.isOurs(role))).length === 0;
  }

  async ping(): Promise<void> {
    await this.admin.query('SELECT 1');
  }

  /** Never throws: what cannot be dropped belongs to a server that is gone. */
  async drop(name: string): Promise<void> {
    if (this.options.keep || !this.live.has(name)) return;
    try {
      await this.admin.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`);
      this.live.delete(name);
      // A role that the dropped database still used can go only now.
      if (this.globalWords !== null) await restoreGlobals(this.admin, this.wanted, (role) => this.isOurs(role));
    } catch (error) {
      this.noted.push(`could not drop the database ${name}: ${messageOf(error)}`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.wanted = this.initial;
    for (const name of this.live) await this.drop(name);
    if (!this.options.keep) {
      await this.restoreGlobals(null).catch(() => false);
      for (const role of this.madeRoles) {
        await this.admin.query(`DROP ROLE IF EXISTS ${quoteIdentifier(role)}`).catch(() => undefined);
      }
    }
    await closeClient(this.admin);
  }

  /** On a server of our own every role is; elsewhere only those that our scripts name. */
  private isOurs(role: string): boolean {
    if (this.server.isExclusive) return true;
    const words = role.toLowerCase().match(/[\p{L}\p{N}_$]+/gu) ?? [];
    return words.length > 0 && words.every((word) => this.globalWords?.has(word) ?? false);
  }

  private async createEmpty(name: string): Promise<void> {
    const create = `CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0 ENCODING 'UTF8'`;
    // A server whose locale belongs to another encoding has only the C locale for UTF-8.
    await this.admin.query(create).catch(() => this.admin.query(`${create} LOCALE 'C'`));
  }

  private async emptyOrigin(name: string): Promise<Origin | null> {
    if (this.empty === null && this.hasMadeEmpty) {
      const probe = new PostgresDatabase(this, name, null);
      const baseline = await probe.captureFull({ maxRowsPerTable: BASELINE_ROWS, projections: [] });
      this.empty = { baseline, residue: await probe.readResidue(), needsNewSessions: false };
      await probe.release();
    }
    this.hasMadeEmpty = true;
    return this.empty;
  }

  private async clone(name: string, template: PostgresTemplate): Promise<void> {
    const strategy = Number(this.engine.major) >= 15 ? ' STRATEGY FILE_COPY' : '';
    await this.admin.query(
      `CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE ${quoteIdentifier(template.name)}${strategy}`,
    );
    for (const { role, setting } of template.settings) {
      const target = `DATABASE ${quoteIdentifier(name)}`;
      const subject = role === '' ? target : `ROLE ${quoteIdentifier(role)} IN ${target}`;
      await this.admin.query(`ALTER ${subject} SET ${setting}`);
    }
  }

  private async readSettings(name: string): Promise<PostgresTemplate['settings']> {
    const [result] = await queryText(
      this.admin,
      `SELECT coalesce(r.rolname, ''), item FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
         LEFT JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) item
        WHERE d.datname = ${quoteLiteral(name)} ORDER BY 1, 2`,
    );
    return (result?.rows ?? []).map(([role, item]) => ({ role: role ?? '', setting: settingSql(item ?? '') }));
  }

  private async guard<T>(doing: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const address = addressOf(this.server, this.server.database);
      if (error instanceof PalindromeError && error.code === 'server-unreachable') throw serverLost(error, address);
      if (error instanceof TypeError) throw error;
      return rethrow(error, address, doing);
    }
  }
}
