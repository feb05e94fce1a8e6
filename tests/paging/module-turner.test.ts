/** Modules turn pages through real drivers, and what they return is exact again. */
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster, Database } from '../../harness/core/dialect.ts';
import type { ModulePages, OpenPager, Pager } from '../../harness/core/pager.ts';
import type { SchemaModel } from '../../harness/core/schema.ts';
import { postgresDialect } from '../../harness/dialects/postgres/dialect.ts';
import { sqliteDialect } from '../../harness/dialects/sqlite/dialect.ts';
import { sqliteMemoryProvider, sqliteProvider } from '../../harness/providers/sqlite.ts';
import { openModuleTurner } from '../../harness/scenarios/paging/module-turner.ts';
import { findPaged, type PagedTable } from '../../harness/scenarios/paging/paged-table.ts';
import type { PageTurner, Turned } from '../../harness/scenarios/paging/page-turner.ts';
import { openCluster, startServer, type PostgresServer } from '../dialects/postgres/support.ts';
import { openBetterSqlite, POSTGRES_DRIVERS } from './drivers.ts';

const LIMIT_MS = 10_000;
const REQUEST = { postgres: null, image: null, serverUrl: null, allowRemote: false, keep: false };

/** Four readings within one millisecond, the last two at one instant, and ids that no JavaScript number has. */
const READINGS = [
  ['9007199254740993', '2026-03-29 01:59:59.123456+00'],
  ['9007199254740995', '2026-03-29 01:59:59.123455+00'],
  ['9007199254740997', '2026-03-29 01:59:59.123454+00'],
  ['2', '2026-03-29 01:59:59.123454+00'],
  ['1', '2026-03-29 01:59:59.1+00'],
] as const;

let server: PostgresServer;
let cluster: Cluster;
let database: Database;

beforeAll(async () => {
  server = await startServer();
  cluster = await openCluster(server);
  database = await cluster.create();
  await database.run('CREATE TABLE readings (id bigint PRIMARY KEY, taken_at timestamptz NOT NULL)');
  for (const [id, time] of READINGS) await database.run(`INSERT INTO readings VALUES (${id}, '${time}')`);
}, 60_000);
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

function pagerOf(open: OpenPager): Pager & { readonly pages: ModulePages } {
  return {
    id: 'readings',
    from: null,
    until: null,
    table: 'readings',
    identity: null,
    key: [
      { column: 'taken_at', direction: 'desc', nulls: null },
      { column: 'id', direction: 'desc', nulls: null },
    ],
    filter: null,
    kind: 'scan',
    movedRows: 'forbid',
    indexes: [],
    maxCostRatio: null,
    refusal: null,
    overlappingTransactions: null,
    pages: { kind: 'module', open },
  };
}

async function turnerOf(open: OpenPager, limit: number, limitMs = LIMIT_MS): Promise<PageTurner> {
  const pager = pagerOf(open);
  const paged = found(await database.introspect(), pager);
  return openModuleTurner({ database, dialect: postgresDialect, paged, limitMs }, pager.pages, limit);
}

function found(model: SchemaModel, pager: Pager): PagedTable {
  const paged = findPaged(model, pager);
  if (typeof paged === 'string') throw new Error(paged);
  return paged;
}

/** Keys of a scan of at most `most` pages. */
async function scan(turner: PageTurner, most: number): Promise<readonly (readonly unknown[])[]> {
  const keys: (readonly unknown[])[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < most; page++) {
    const turned: Turned = await turner.turn(cursor, 'forward');
    if (turned.status !== 'page') throw new Error(JSON.stringify(turned));
    keys.push(...turned.items.map(({ key }) => [key[1], key[0]]));
    ({ cursor } = turned);
    if (cursor === null) break;
  }
  await turner[Symbol.asyncDispose]();
  return keys;
}

describe('a PostgreSQL module', () => {
  test.each(POSTGRES_DRIVERS)('should give its items exact keys again: $name', async ({ open }) => {
    const [first] = await scan(await turnerOf(open, 1), 1);
    expect(first).toEqual(READINGS[0]);
  });

  test.each(POSTGRES_DRIVERS)('should turn the pages as its own driver does: $name', async ({ open, isExact }) => {
    const seen = await scan(await turnerOf(open, 2), 6);
    expect(JSON.stringify(seen) === JSON.stringify(READINGS)).toBe(isExact);
  });

  test('should reach the database only with the password in its URL', async () => {
    const { url } = await database.reach();
    const wrong = new URL(url);
    wrong.password = 'guessed';
    await expect(new Client(wrong.href).connect()).rejects.toThrow(/Connection terminated/);
    const right = new Client(url);
    await right.connect();
    expect((await right.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await right.end();
  });

  test('should fail its turn where it throws, with the code of the database', async () => {
    const turner = await turnerOf(
      () => ({
        next: () => Promise.reject(Object.assign(new Error('could not serialize access'), { code: '40001' })),
      }),
      1,
    );
    expect(await turner.turn(null, 'forward')).toMatchObject({
      status: 'failed',
      message: 'could not serialize access',
      isConcurrency: true,
      fault: { code: '40001' },
    });
  });

  test('should fail its turn where no page ever comes', async () => {
    const turner = await turnerOf(() => ({ next: () => new Promise(() => undefined) }), 1, 50);
    expect(await turner.turn(null, 'forward')).toMatchObject({
      status: 'failed',
      message: 'it did not answer within 50 ms',
      isConcurrency: false,
    });
  });

  test.each([
    [{ items: 5 }, 'A page of the pager "readings" has no list of items.'],
    [{ items: [], cursor: 7 }, 'A page of the pager "readings" has a cursor that is no text but number.'],
    [{ items: [{ id: '1' }], cursor: null }, 'The pager "readings" returned an item without taken_at; it has id.'],
    [
      { items: [{ id: 9_007_199_254_740_992, taken_at: '' }], cursor: null },
      'The pager "readings" returned the number 9007199254740992 for id, which cannot tell one row from another.',
    ],
  ])('should be told what is wrong with a page: %j', async (page, message) => {
    const turner = await turnerOf((() => ({ next: async () => page })) as unknown as OpenPager, 1);
    await expect(turner.turn(null, 'forward')).rejects.toMatchObject({
      code: 'pager-fails',
      message,
    });
  });

  test('should show a stale value as what it is, and a rendering as the value', async () => {
    const at =
      (taken_at: unknown): OpenPager =>
      () => ({
        next: async () => ({ items: [{ id: '1', takenAt: taken_at }], cursor: null }),
      });
    const keyFor = async (value: unknown): Promise<unknown> => (await scan(await turnerOf(at(value), 1), 1))[0]?.[1];
    expect(await keyFor('2026-03-29T01:59:59.100Z')).toBe('2026-03-29 01:59:59.1+00');
    expect(await keyFor(new Date('2026-03-29T01:59:59.100Z'))).toBe('2026-03-29 01:59:59.1+00');
    expect(await keyFor('yesterday evening')).toBe('2026-03-29 01:59:59.1+00');
    expect(await keyFor('2020-02-02T00:00:00+01:00')).toBe('2020-02-01 23:00:00+00');
  });
});

describe('a SQLite module', () => {
  test('should turn pages of a database file', async () => {
    await using files = await sqliteProvider.start(REQUEST);
    await using sqlite = await sqliteDialect.openCluster(files, { foreignKeys: true, functions: {}, keep: false });
    await using own = await sqlite.create();
    await own.run(`CREATE TABLE readings (id integer PRIMARY KEY, taken_at text NOT NULL);
      INSERT INTO readings VALUES (1, 'b'), (2, 'b'), (3, 'a''');`);
    const pager = pagerOf(openBetterSqlite);
    const reader = {
      database: own,
      dialect: sqliteDialect,
      paged: found(await own.introspect(), pager),
      limitMs: LIMIT_MS,
    };
    const turner = await openModuleTurner(reader, pager.pages, 2);
    expect(await scan(turner, 3)).toEqual([
      ['2', "'b'"],
      ['1', "'b'"],
      ['3', "'a'''"],
    ]);
  });

  test('should say that a database in memory cannot be reached', async () => {
    await using memory = await sqliteMemoryProvider.start(REQUEST);
    await using sqlite = await sqliteDialect.openCluster(memory, { foreignKeys: true, functions: {}, keep: false });
    await using own = await sqlite.create();
    await expect(own.reach()).rejects.toMatchObject({ code: 'pager-fails' });
  });
});
