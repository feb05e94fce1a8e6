import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from 'pg';
import type { Cluster, Database, Template } from '../../../harness/core/dialect.ts';
import { closeClient, openClient, queryRows } from '../../../harness/dialects/postgres/connection.ts';
import { sweepOrphans } from '../../../harness/dialects/postgres/sweep.ts';
import { CAPTURE, LIMITS, openCluster, script, startServer } from './support.ts';
import type { PostgresServer } from './support.ts';

const SCHEMA = `CREATE TABLE users (id serial PRIMARY KEY, name text, up int GENERATED ALWAYS AS (1) STORED);
  CREATE TABLE part (a int) PARTITION BY LIST (a); CREATE TABLE part1 PARTITION OF part FOR VALUES IN (1);
  CREATE TABLE parent (a int); CREATE TABLE child (b int) INHERITS (parent);
  CREATE SEQUENCE free; CREATE TYPE mood AS ENUM ('a', 'b');
  INSERT INTO users (name) VALUES ('seeded ''1'''), (NULL); INSERT INTO child VALUES (1, 2); INSERT INTO part VALUES (1);
  CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no deletes here'; END $$;
  CREATE TRIGGER audit BEFORE DELETE ON users FOR EACH ROW EXECUTE FUNCTION audit();`;

let server: PostgresServer;
let cluster: Cluster;
let admin: Client;
let template: Template;

beforeAll(async () => {
  server = await startServer();
  admin = await openClient(server, server.database);
  cluster = await openCluster(server);
  const origin = await cluster.create();
  await run(origin, SCHEMA);
  template = await cluster.freeze(origin, 'schema');
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await closeClient(admin);
  await server[Symbol.asyncDispose]();
});

const run = async (database: Database, sql: string): Promise<void> => {
  expect(await database.execute(script('autocommit', sql), LIMITS)).toMatchObject({ status: 'completed' });
};
const databases = async (runId: string) =>
  (
    await queryRows(admin, `SELECT datname FROM pg_database WHERE datname LIKE 'palindrome\\_${runId}\\_%' ORDER BY 1`)
  ).map(([name]) => name);
const roles = async (name: string) => queryRows(admin, `SELECT rolcreatedb FROM pg_roles WHERE rolname = '${name}'`);
const dataOf = async (database: Database) => {
  const { tables, sequences, catalog } = await database.capture(CAPTURE);
  return { catalog: catalog.fingerprint, digests: [...tables].map(([key, one]) => [key, one.digest]), sequences };
};

describe('capture', () => {
  it('should read tables with their own rows: leaves as part of the root, children apart', async () => {
    await using database = await cluster.create(template);
    const { tables, sequences } = await database.capture(CAPTURE);
    expect([...tables].map(([key, { rows }]) => [key, rows])).toEqual([
      ['public.child', [['1', '2']]],
      ['public.parent', []],
      ['public.part', [['1']]],
      [
        'public.users',
        [
          ['1', "seeded '1'", '1'],
          ['2', null, '1'],
        ],
      ],
    ]);
    expect(sequences).toEqual([
      { name: 'public.free', nextValue: '1', increment: '1', ownedBy: null, columnExtreme: null },
      {
        name: 'public.users_id_seq',
        nextValue: '3',
        increment: '1',
        ownedBy: { table: 'public.users', column: 'id' },
        columnExtreme: '2',
      },
    ]);
  });

  it('should give equal digests for equal rows in any order of rows and columns, and others for others', async () => {
    await using database = await cluster.create();
    await run(database, `CREATE TABLE a (x int, y text); INSERT INTO a VALUES (1, NULL), (1, NULL), (2, '');`);
    const digest = async (maxRowsPerTable: number) =>
      (await database.capture({ maxRowsPerTable, projections: [] })).tables.get('public.a');
    const [small, large] = [await digest(10), await digest(2)];
    expect(large).toMatchObject({ rows: null, rowCount: 3 });
    await run(
      database,
      `DROP TABLE a; CREATE TABLE a (y text, x int); INSERT INTO a VALUES ('', 2), (NULL, 1), (NULL, 1);`,
    );
    expect([(await digest(10))?.digest, (await digest(2))?.digest]).toEqual([small?.digest, large?.digest]);
    await run(database, `UPDATE a SET y = '' WHERE ctid = (SELECT min(ctid) FROM a WHERE y IS NULL)`);
    expect((await digest(10))?.digest).not.toBe(small?.digest);
    expect((await digest(2))?.digest).not.toBe(large?.digest);
  });

  it('should evaluate projections over each row, and leave out those that cannot be evaluated', async () => {
    await using database = await cluster.create(template);
    const projections = [
      { table: 'public.users', sql: 'nonsense(' },
      { table: 'public.users', sql: 'upper(name) -- note' },
      { table: 'public.gone', sql: '1' },
    ];
    expect((await database.capture({ maxRowsPerTable: 10, projections })).projections).toEqual([
      {
        table: 'public.users',
        sql: 'upper(name) -- note',
        values: [
          { key: ['1'], value: "SEEDED '1'" },
          { key: ['2'], value: null },
        ],
      },
    ]);
  });
});

describe('reset', () => {
  it('should bring rows, sequences and seeded rows back and prove it', async () => {
    await using database = await cluster.create(template);
    const before = await dataOf(database);
    await run(
      database,
      `SET session_replication_role = replica; DELETE FROM users WHERE id = 1; INSERT INTO users (name) VALUES ('x');
      INSERT INTO part VALUES (1); UPDATE child SET b = 3; SELECT nextval('free'); SELECT nextval('free');`,
    );
    expect(await dataOf(database)).not.toEqual(before);
    expect(await database.reset(await database.capture(CAPTURE))).toBe(true);
    expect(await dataOf(database)).toEqual(before);
    await run(
      database,
      `ALTER TABLE users ADD COLUMN x int; ALTER TABLE users DROP COLUMN x; SELECT setval('free', 9)`,
    );
    expect(await database.reset(null)).toBe(true);
    expect(await dataOf(database)).toEqual(before);
  });

  it('should refuse what it cannot undo: a changed catalog, another order of columns, large objects, objects outside tables', async () => {
    const changes = [
      'ALTER TABLE users ADD COLUMN x int',
      'CREATE TABLE extra (a int)',
      'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
      `ALTER TABLE users DROP COLUMN name; ALTER TABLE users ADD COLUMN name text`,
      `SELECT lo_create(0)`,
      `CREATE MATERIALIZED VIEW m AS SELECT 1 AS a`,
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = ''8MB''', current_database()); END $$`,
      `ALTER TYPE mood ADD VALUE 'c'`,
    ];
    const undone: string[] = [];
    for (const change of changes) {
      await using database = await cluster.create(template);
      await run(database, change);
      if (await database.reset(await database.capture(CAPTURE))) undone.push(change);
    }
    expect(undone).toEqual([]);
  });

  it('should not believe a snapshot that is older than the last script', async () => {
    await using database = await cluster.create(template);
    const stale = await database.capture(CAPTURE);
    await run(database, 'CREATE TABLE later (a int)');
    expect(await database.reset(stale)).toBe(false);
    await using other = await cluster.create(template);
    const old = await other.capture(CAPTURE);
    await other.load(
      { tables: [{ table: 'public.users', columns: ['id', 'name'], rows: [['50', 'late']] }] },
      await other.introspect(),
    );
    expect(await other.reset(old)).toBe(true);
    expect((await other.capture(CAPTURE)).tables.get('public.users')?.rowCount).toBe(2);
  });

  it('should bring empty databases back too, once there is a second', async () => {
    await using own = await openCluster({ ...server, runId: `${server.runId}empty` });
    await using first = await own.create();
    expect(await first.reset(null)).toBe(false);
    await using second = await own.create();
    await run(second, 'CREATE TABLE a (n int)');
    expect(await second.reset(await second.capture(CAPTURE))).toBe(false);
    await run(second, 'DROP TABLE a');
    expect(await second.reset(await second.capture(CAPTURE))).toBe(true);
  });

  it('should not mind the schema that a first temporary table leaves behind', async () => {
    await using database = await cluster.create(template);
    await run(database, 'CREATE TEMPORARY TABLE passing AS SELECT * FROM users; DROP TABLE passing');
    expect(await database.reset(null)).toBe(true);
  });

  it('should notice a materialised view that was refreshed', async () => {
    const origin = await cluster.create();
    await run(origin, 'CREATE TABLE a (n int); CREATE MATERIALIZED VIEW m AS SELECT count(*) AS c FROM a');
    await using frozen = await cluster.freeze(origin, 'matview');
    await using database = await cluster.create(frozen);
    await run(database, 'INSERT INTO a VALUES (1)');
    expect(await database.reset(null)).toBe(true);
    await run(database, 'INSERT INTO a VALUES (1); REFRESH MATERIALIZED VIEW m');
    expect(await database.reset(null)).toBe(false);
  });
});

describe('clones', () => {
  it('should carry the settings of the database they come from', async () => {
    const origin = await cluster.create();
    await run(
      origin,
      `CREATE SCHEMA "Odd Name"; DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path TO "Odd Name", public', current_database()); END $$`,
    );
    await run(
      origin,
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET palindrome_test.x TO ''it''''s''', current_database()); END $$`,
    );
    await using frozen = await cluster.freeze(origin, 'settings');
    await using clone = await cluster.create(frozen);
    const result = await clone.query(
      `SELECT current_setting('search_path'), current_setting('palindrome_test.x')`,
      1,
      1_000,
    );
    expect(result).toMatchObject({ rows: [['"Odd Name", public', "it's"]] });
    expect(await clone.reset(null)).toBe(true);
  });
});

describe('roles and settings of the server', () => {
  it('should not leak from one case into the next', async () => {
    const role = `palindrome_${server.runId}_role`;
    const database = await cluster.create(template);
    await run(database, `CREATE ROLE ${role} CREATEDB; ALTER ROLE ${role} SET work_mem = '9MB'`);
    expect(await roles(role)).toEqual([['t']]);
    expect(await database.reset(null)).toBe(true);
    expect(await roles(role)).toEqual([]);
    await run(database, `CREATE ROLE ${role}; GRANT SELECT ON users TO ${role}`);
    expect(await database.reset(null)).toBe(false);
    await database[Symbol.asyncDispose]();
    expect(await roles(role)).toEqual([]);
  });

  it('should belong to a template that was frozen with them', async () => {
    const role = `palindrome_${server.runId}_kept`;
    const origin = await cluster.create();
    await run(origin, `CREATE ROLE ${role} NOLOGIN; CREATE TABLE owned (a int); ALTER TABLE owned OWNER TO ${role}`);
    {
      await using frozen = await cluster.freeze(origin, 'with role');
      await using database = await cluster.create(frozen);
      await run(database, `DROP TABLE owned; ALTER ROLE ${role} CREATEDB`);
      await database.reset(null);
      expect(await roles(role)).toEqual([['f']]);
    }
    await (await cluster.create())[Symbol.asyncDispose]();
    expect(await roles(role)).toEqual([]);
  });

  it('should be made where scripts name roles that none creates, and be noted', async () => {
    const role = `palindrome ${server.runId} "Asked"`;
    await using own = await openCluster({ ...server, runId: `${server.runId}r` });
    const unmet = await own.prepare({
      roles: [role, 'pg_monitor'],
      extensions: ['plpgsql', 'no_such_extension', 'vector'],
    });
    expect(await roles(role)).toEqual([['f']]);
    expect(own.notes().join()).toContain(role);
    expect(unmet.filter((one) => one.includes('no_such_extension'))).toHaveLength(1);
    await own[Symbol.asyncDispose]();
    expect(await roles(role)).toEqual([]);
  });
});

describe('sweeping', () => {
  it('should drop databases of dead runs and no others', async () => {
    const dead = `${server.runId}dead`;
    const alive = `${server.runId}alive`;
    for (const name of [`palindrome_${dead}_1`, `palindrome_${alive}_1`, `palindrome_notes_${dead}`])
      await admin.query(`CREATE DATABASE ${name}`);
    const anchor = await openClient({ ...server, runId: alive }, server.database);
    try {
      expect(await sweepOrphans(server)).toContain(`palindrome_${dead}_1`);
      expect(await databases(dead)).toEqual([]);
      expect(await databases(alive)).toEqual([`palindrome_${alive}_1`]);
      expect(await queryRows(admin, `SELECT 1 FROM pg_database WHERE datname = 'palindrome_notes_${dead}'`)).toEqual([
        ['1'],
      ]);
    } finally {
      await closeClient(anchor);
      for (const name of [`palindrome_${alive}_1`, `palindrome_notes_${dead}`])
        await admin.query(`DROP DATABASE ${name}`);
    }
  });
});

describe('disposing', () => {
  it('should drop every database, those of templates and open handles included', async () => {
    const runId = `${server.runId}all`;
    const own = await openCluster({ ...server, runId });
    const origin = await own.create();
    const frozen = await own.freeze(origin, 'empty');
    const handle = await own.create(frozen);
    await handle.capture(CAPTURE);
    expect(await databases(runId)).toHaveLength(2);
    await own[Symbol.asyncDispose]();
    expect(await databases(runId)).toEqual([]);
  });

  it('should leave databases where it was asked to keep them', async () => {
    const runId = `${server.runId}keep`;
    const own = await openCluster({ ...server, runId }, true);
    await (await own.create())[Symbol.asyncDispose]();
    await own[Symbol.asyncDispose]();
    const kept = await databases(runId);
    expect(kept).toHaveLength(1);
    await admin.query(`DROP DATABASE ${kept[0]}`);
  });
});

describe('a lost server', () => {
  it('should be an error of the environment, and disposing should not throw', async () => {
    await expect(openCluster({ ...server, host: '127.0.0.1', port: 1 })).rejects.toMatchObject({
      code: 'server-unreachable',
      kind: 'environment',
    });
    const own = await openCluster({ ...server, runId: `${server.runId}lost` });
    const database = await own.create();
    await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'palindrome:${server.runId}lost'`,
    );
    await expect(own.create()).rejects.toMatchObject({ code: 'server-lost', kind: 'environment' });
    await database[Symbol.asyncDispose]();
    await own[Symbol.asyncDispose]();
    for (const name of await databases(`${server.runId}lost`)) await admin.query(`DROP DATABASE ${name}`);
  });
});
