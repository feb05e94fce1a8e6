/** The PostgreSQL rows: what a user would do instead, on the same rows, with the same looks. */
import os from 'node:os';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import type { StartedPostgreSqlContainer } from '@testcontainers/postgresql';
import { Client } from 'pg';
import type { Cluster, Database } from '../../harness/core/dialect.ts';
import type { Server } from '../../harness/core/provider.ts';
import type { PostgresServer } from '../../harness/dialects/postgres/connection.ts';
import { PostgresDatabase } from '../../harness/dialects/postgres/database.ts';
import { postgresDialect } from '../../harness/dialects/postgres/dialect.ts';
import { containerProvider } from '../../harness/providers/container.ts';
import { embeddedProvider } from '../../harness/providers/embedded.ts';
import { palindromeRow } from './palindrome.ts';
import { pgliteRow } from './pglite.ts';
import { loadSql } from './load-sql.ts';
import { checkCase, type Contender, type Entry, mustRun, scriptsOf, timeEach, type Work } from './row.ts';
import { emptyTables, workSet, workSource } from './work.ts';

const DATASETS = 40;
const NO_CRASH = 'the benchmark crashes nothing';
const OPTIONS = { foreignKeys: true, functions: {}, keep: false };

/** The names of the rows, which ratios are told by. */
export const ROW = {
  container: 'a new container per case (Testcontainers)',
  restore: 'Testcontainers restoreSnapshot() per case',
  clone: 'a template clone per case',
  pglite: 'PGlite, a clone per case',
  one: 'Palindrome, one worker',
  all: 'Palindrome, all cores',
  floor: 'the floor: bare statements',
} as const;

export interface PostgresRows extends AsyncDisposable {
  readonly entries: readonly Entry[];
}

/** Starts the embedded server that all rows but the containers' share. */
export async function openPostgresRows(scratch: string, image: string | null, folder: string): Promise<PostgresRows> {
  const server = await embeddedProvider.start({
    postgres: null,
    image: null,
    serverUrl: null,
    allowRemote: false,
    keep: false,
  });
  if (server.dialect !== 'postgres') throw new TypeError('the embedded server is PostgreSQL');
  const source = await workSource();
  const work = await prepareWork(server, source, folder);
  const own = { dialect: postgresDialect, server, work, source, scratch };
  const containers = image === null ? null : await whyNoContainers(image);
  const container = (name: string, open: (image: string) => Promise<Contender>): Entry =>
    image === null || containers !== null
      ? { name, skipped: containers ?? 'no image was named' }
      : { name, open: () => open(image) };
  return {
    entries: [
      container(ROW.container, async (from) => containerPerCase(from, work)),
      container(ROW.restore, (from) => restorePerCase(from, work)),
      { name: ROW.clone, open: () => clonePerCase(server, work) },
      { name: ROW.pglite, open: () => pgliteRow(ROW.pglite, work) },
      { name: ROW.one, open: async () => palindromeRow({ ...own, name: ROW.one, workers: 1, casesPerTurn: 40 }) },
      {
        name: ROW.all,
        open: async () =>
          palindromeRow({ ...own, name: ROW.all, workers: os.availableParallelism(), casesPerTurn: 80 }),
      },
      { name: ROW.floor, open: () => floor(server, work) },
    ],
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function prepareWork(
  server: Server,
  source: Awaited<ReturnType<typeof workSource>>,
  folder: string,
): Promise<Work> {
  const set = await workSet('postgres', folder);
  await using cluster = await postgresDialect.openCluster(server, OPTIONS);
  await using database = await cluster.create();
  const [base] = set.migrations;
  if (base === undefined) throw new TypeError('the work has a base');
  await mustRun(database, base.up);
  const model = await database.introspect();
  const datasets = Array.from({ length: DATASETS }, (_, index) =>
    source.generate({ model, seed: 1, index: index + 8, focus: null, literals: [] }),
  );
  return { set, model, datasets };
}

async function whyNoContainers(image: string): Promise<string | null> {
  const probe = await containerProvider.probe({
    postgres: null,
    image,
    serverUrl: null,
    allowRemote: false,
    keep: false,
  });
  return probe.works ? null : probe.reason;
}

/** As Testcontainers' guide shows it: its own defaults, and what the image does. */
async function startContainer(image: string): Promise<StartedPostgreSqlContainer> {
  return new PostgreSqlContainer(image).withDatabase('work').start();
}

/** The container's database, driven by the same code as all others. */
function databaseIn(container: StartedPostgreSqlContainer): PostgresDatabase {
  const server: PostgresServer = {
    dialect: 'postgres',
    provider: 'container',
    host: container.getHost(),
    port: container.getPort(),
    user: container.getUsername(),
    password: container.getPassword(),
    database: container.getDatabase(),
    ssl: false,
    runId: 'bench',
    isExclusive: true,
    crash: { isPossible: false, why: NO_CRASH },
    [Symbol.asyncDispose]: async () => undefined,
  };
  const nothing = async (): Promise<void> => undefined;
  return new PostgresDatabase(
    {
      server,
      sessionDefaults: { statementMs: 0 },
      ping: nothing,
      onGlobalsTouched: () => undefined,
      restoreGlobals: async () => true,
      drop: nothing,
      ask: async () => [],
      whyNoCrash: NO_CRASH,
      crash: nothing,
      cancel: nothing,
      terminate: nothing,
    },
    container.getDatabase(),
    null,
  );
}

function containerPerCase(image: string, work: Work): Contender {
  return {
    name: ROW.container,
    casesPerTurn: 1,
    turn: (cases) =>
      timeEach(cases, async (at) => {
        const container = await startContainer(image);
        const database = databaseIn(container);
        try {
          await mustRun(database, scriptsOf(work).base);
          await checkCase(database, work, at);
        } finally {
          await database.release();
          await container.stop();
        }
      }),
    close: async () => undefined,
  };
}

async function restorePerCase(image: string, work: Work): Promise<Contender> {
  const container = await startContainer(image);
  const first = databaseIn(container);
  await mustRun(first, scriptsOf(work).base);
  await first.release();
  await container.snapshot();
  return {
    name: ROW.restore,
    casesPerTurn: 2,
    turn: (cases) =>
      timeEach(cases, async (at) => {
        const database = databaseIn(container);
        try {
          await checkCase(database, work, at);
        } finally {
          await database.release();
        }
        await container.restoreSnapshot();
      }),
    close: async () => {
      await container.stop();
    },
  };
}

async function clonePerCase(server: Server, work: Work): Promise<Contender> {
  const cluster: Cluster = await postgresDialect.openCluster(server, OPTIONS);
  const database: Database = await cluster.create();
  await mustRun(database, scriptsOf(work).base);
  const template = await cluster.freeze(database, 'base');
  return {
    name: ROW.clone,
    casesPerTurn: 6,
    turn: (cases) =>
      timeEach(cases, async (at) => {
        await using clone = await cluster.create(template);
        await checkCase(clone, work, at);
      }),
    close: async () => cluster[Symbol.asyncDispose](),
  };
}

/** Only load, up, down and up count; what brings the database back for the next case does not. */
async function floor(server: PostgresServer, work: Work): Promise<Contender> {
  const cluster = await postgresDialect.openCluster(server, OPTIONS);
  const database = await cluster.create();
  const { base, up, down } = scriptsOf(work);
  await mustRun(database, base);
  const client = new Client({
    host: server.host,
    port: server.port,
    user: server.user,
    database: nameIn(database.address),
  });
  await client.connect();
  const loads = work.datasets.map(loadSql);
  return {
    name: ROW.floor,
    casesPerTurn: 30,
    async turn(cases) {
      let spent = 0;
      for (let at = 0; at < cases; at++) {
        const load = loads[at % loads.length] ?? '';
        spent += await timeEach(1, async () => {
          for (const sql of [load, up.text, down.text, up.text]) await client.query(sql);
        });
        await client.query([down.text, ...emptyTables()].join(';\n'));
      }
      return spent / cases;
    },
    close: async () => {
      await client.end();
      await cluster[Symbol.asyncDispose]();
    },
  };
}

function nameIn(address: string): string {
  return new URL(address.replace('@/', '@socket/')).pathname.slice(1);
}
