/** What the tests of the runner share: folders of migrations, and databases of both dialects to run them on. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type BetterSqlite from 'better-sqlite3';
import { Client } from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { openConnection } from '../../harness/dialects/sqlite/native-objects.ts';
import { PalindromeError } from '../../harness/cli/library.ts';
import type { DialectName } from '../../harness/core/migration.ts';
import { makeFolder, writeFiles } from '../cli/run-cli.ts';
import { startServer } from '../dialects/postgres/support.ts';
import type { PostgresServer } from '../dialects/postgres/support.ts';

/** A database and a folder of migrations for one test. */
export interface Bench extends AsyncDisposable {
  readonly dialect: DialectName;
  /** The folder that holds `m`, and for SQLite the database. */
  readonly cwd: string;
  /** What `--database` takes. */
  readonly database: string;
  /** Runs statements of the test's own. */
  sql(text: string): Promise<void>;
  /** The rows of a query, as text. */
  rows(query: string): Promise<readonly (readonly string[])[]>;
  /** Everything that a write would change: PostgreSQL every row's place and writer and every relation's file, SQLite the file's bytes and time. */
  imprint(): Promise<string>;
  /** Writes files below `m`. */
  write(files: Readonly<Record<string, string>>): Promise<void>;
}

/** Three migrations in golang-migrate's layout: the last one without a down. */
export const SET = {
  '1_users.up.sql': 'CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL);\n',
  '1_users.down.sql': 'DROP TABLE users;\n',
  '2_email.up.sql': 'CREATE INDEX users_email ON users (email);\n',
  '2_email.down.sql': 'DROP INDEX users_email;\n',
  '3_lots.up.sql':
    'CREATE TABLE lots (id integer PRIMARY KEY, owner integer REFERENCES users (id));\nCREATE INDEX lots_owner ON lots (owner);\nCREATE VIEW owned AS SELECT owner FROM lots;\n',
} as const;

let server: PostgresServer | null = null;

/** Starts the server of a test file before its tests, and stops it after them. */
export function useServer(): void {
  beforeAll(async () => {
    server = await startServer();
  }, 120_000);
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });
}

/** A new database with a folder of migrations. */
export async function makeBench(dialect: DialectName, files: Readonly<Record<string, string>> = SET): Promise<Bench> {
  const folder = await makeFolder();
  const write = (more: Readonly<Record<string, string>>) =>
    writeFiles(folder.path, Object.fromEntries(Object.entries(more).map(([name, text]) => [`m/${name}`, text])));
  await write(files);
  return dialect === 'sqlite' ? sqliteBench(folder.path, write, folder) : postgresBench(folder.path, write, folder);
}

function sqliteBench(cwd: string, write: Bench['write'], folder: AsyncDisposable): Bench {
  const file = path.join(cwd, 'data.db');
  openConnection(file).exec('BEGIN IMMEDIATE; COMMIT').close();
  return {
    dialect: 'sqlite',
    cwd,
    database: 'data.db',
    write,
    sql: async (text) => void withSqlite(file, (connection) => connection.exec(text)),
    rows: async (query) =>
      withSqlite(file, (connection) => connection.prepare(query).raw().all() as unknown[][]).map((row) =>
        row.map(String),
      ),
    imprint: async () =>
      JSON.stringify([
        createHash('sha256').update(readFileSync(file)).digest('hex'),
        statSync(file, { bigint: true }).mtimeNs.toString(),
        ['-wal', '-shm', '-journal', '.palindrome-lock'].filter((suffix) => existsSync(`${file}${suffix}`)),
        existsSync(path.join(cwd, 'backups')),
      ]),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

function withSqlite<T>(file: string, work: (connection: BetterSqlite.Database) => T): T {
  const connection = openConnection(file);
  try {
    return work(connection);
  } finally {
    connection.close();
  }
}

async function postgresBench(cwd: string, write: Bench['write'], folder: AsyncDisposable): Promise<Bench> {
  if (server === null) throw new Error('useServer() comes first');
  const { host, port } = server;
  const name = `runner_${randomBytes(5).toString('hex')}`;
  const ask = async (database: string, text: string): Promise<readonly (readonly string[])[]> => {
    const client = new Client({ host, port, user: 'postgres', database });
    await client.connect();
    try {
      const result = await client.query({ text, rowMode: 'array' });
      const last = Array.isArray(result) ? result.at(-1) : result;
      return ((last?.rows ?? []) as unknown[][]).map((row) => row.map(String));
    } finally {
      await client.end();
    }
  };
  await ask('postgres', `CREATE DATABASE ${name}`);
  return {
    dialect: 'postgres',
    cwd,
    database: host.startsWith('/')
      ? `postgres://postgres@/${name}?host=${encodeURIComponent(host)}&port=${port}`
      : `postgres://postgres@${host}:${port}/${name}`,
    write,
    sql: async (text) => void (await ask(name, text)),
    rows: (query) => ask(name, query),
    imprint: async () => {
      const relations = await ask(
        name,
        `SELECT oid, oid::regclass::text, relfilenode, xmin, relkind FROM pg_class WHERE relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) ORDER BY 1`,
      );
      const tables = relations.filter(([, , , , kind]) => kind === 'r').map(([oid, table]) => [oid, table] as const);
      const contents: unknown[] = [];
      for (const [, table] of tables.filter(([, each]) => !each?.startsWith('pg_toast')))
        contents.push(await ask(name, `SELECT ctid, xmin, xmax, whole::text FROM ${table} whole ORDER BY ctid`));
      return JSON.stringify([relations, contents]);
    },
    async [Symbol.asyncDispose]() {
      await ask('postgres', `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** The error that a promise is rejected with: its code and message. */
export async function refusal(promise: Promise<unknown>): Promise<PalindromeError> {
  try {
    await promise;
  } catch (thrown) {
    if (thrown instanceof PalindromeError) return thrown;
    throw thrown;
  }
  throw new Error('it was not refused');
}
