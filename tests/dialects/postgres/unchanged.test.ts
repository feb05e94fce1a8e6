import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from 'pg';
import type { Cluster, Database } from '../../../harness/core/dialect.ts';
import type { Snapshot } from '../../../harness/core/snapshot.ts';
import type { TransactionMode } from '../../../harness/core/migration.ts';
import { closeClient, openClient } from '../../../harness/dialects/postgres/connection.ts';
import { CAPTURE, LIMITS, openCluster, script, startServer } from './support.ts';
import type { PostgresServer } from './support.ts';

const SCHEMA = `CREATE TABLE item (id serial PRIMARY KEY, name text); INSERT INTO item (name) VALUES ('a'), ('a');
  CREATE FUNCTION give_up() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;`;

let server: PostgresServer;
let cluster: Cluster;
let database: Database;

beforeAll(async () => {
  server = await startServer();
  cluster = await openCluster(server);
  database = await cluster.create();
  await database.execute(script('autocommit', SCHEMA), LIMITS);
});

afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** What was there before a script and after it. */
async function lookAround(
  sql: string,
  mode: TransactionMode = 'implicit',
): Promise<{ before: Snapshot; after: Snapshot }> {
  const before = await database.capture(CAPTURE);
  await database.execute(script(mode, sql), LIMITS);
  return { before, after: await database.capture(CAPTURE) };
}

const namesIn = (snapshot: Snapshot) => snapshot.tables.get('public.item')?.rows?.map(([, name]) => name);
const kindsIn = (snapshot: Snapshot) => snapshot.catalog.objects.map(({ kind, name }) => `${kind} ${name}`);

describe('looking again after a script', () => {
  it('should see the same rows and catalog where everything was rolled back', async () => {
    const { before, after } = await lookAround(
      `CREATE TABLE more (); DELETE FROM item; DO $$ BEGIN BEGIN INSERT INTO item (name) VALUES ('s'); END; END $$; SELECT give_up();`,
    );
    expect(after.catalog).toBe(before.catalog);
    expect(after.tables).toBe(before.tables);
    expect(after.projections).toEqual([]);
  });

  it('should see a sequence that moved though everything else was rolled back', async () => {
    const { before, after } = await lookAround(
      `SELECT nextval('item_id_seq'), nextval('item_id_seq'); SELECT give_up();`,
    );
    expect(after.tables).toBe(before.tables);
    expect([before, after].map(({ sequences: [one] }) => one?.nextValue)).toEqual(['4', '6']);
  });

  it('should see what a script committed before it failed', async () => {
    const { after } = await lookAround(
      `CREATE TABLE kept (); INSERT INTO item (name) VALUES ('kept'); SELECT give_up();`,
      'autocommit',
    );
    expect(namesIn(after)).toEqual(['a', 'a', 'kept']);
    expect(kindsIn(after)).toContain('table public.kept');
  });

  it('should see an index that stayed behind when it could not be built', async () => {
    const { after } = await lookAround(`CREATE UNIQUE INDEX CONCURRENTLY item_name ON item (name)`);
    expect(kindsIn(after)).toContain('index public.item_name');
  });

  it('should see what others committed while a script was refused', async () => {
    await using other = await openOther();
    const before = await database.capture(CAPTURE);
    await other.client.query(`UPDATE item SET name = 'other' WHERE name = 'kept'`);
    await database.execute(script('implicit', 'SELECT give_up()'), LIMITS);
    const after = await database.capture(CAPTURE);
    expect([namesIn(before), namesIn(after)]).toEqual([
      ['a', 'a', 'kept'],
      ['a', 'a', 'other'],
    ]);
  });

  it('should see what was not yet committed at the first look', async () => {
    await using other = await openOther();
    await other.client.query(`BEGIN; UPDATE item SET name = 'late' WHERE name = 'other'`);
    const before = await database.capture(CAPTURE);
    await other.client.query('COMMIT');
    await database.execute(script('implicit', 'SELECT give_up()'), LIMITS);
    expect([namesIn(before), namesIn(await database.capture(CAPTURE))]).toEqual([
      ['a', 'a', 'other'],
      ['a', 'a', 'late'],
    ]);
  });

  it('should read a table that is too large to keep from the same look as the rest', async () => {
    const small = { ...CAPTURE, maxRowsPerTable: 2 };
    await database.execute(script('implicit', `INSERT INTO item (name) VALUES ('x')`), LIMITS);
    const first = await database.capture(small);
    await database.execute(script('implicit', `UPDATE item SET name = 'y' WHERE name = 'x'`), LIMITS);
    const second = await database.capture(small);
    const items = [first, second].map(({ tables }) => tables.get('public.item'));
    expect(items.map((item) => [item?.rows, item?.rowCount])).toEqual([
      [null, 4],
      [null, 4],
    ]);
    expect(items[0]?.digest).not.toBe(items[1]?.digest);
  });
});

/** Another session in the same database. */
async function openOther(): Promise<AsyncDisposable & { readonly client: Client }> {
  const name = decodeURIComponent(/\/([^/?]+)(?:\?|$)/.exec(database.address)?.[1] ?? '');
  const client = await openClient(server, name);
  return { client, [Symbol.asyncDispose]: () => closeClient(client) };
}
