import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster, Database } from '../../../harness/core/dialect.ts';
import type { Dataset, Row } from '../../../harness/core/dataset.ts';
import { CAPTURE, LIMITS, openCluster, script, startServer } from './support.ts';
import type { PostgresServer } from './support.ts';

let server: PostgresServer;
let cluster: Cluster;

beforeAll(async () => {
  server = await startServer();
  cluster = await openCluster(server);
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const make = async (ddl: string): Promise<Database> => {
  const database = await cluster.create();
  const outcome = await database.execute(script('autocommit', ddl), LIMITS);
  if (outcome.status !== 'completed') throw new Error(JSON.stringify(outcome));
  return database;
};
const rows = (table: string, columns: readonly string[], ...values: readonly Row[]) => ({
  table,
  columns,
  rows: values,
});
const load = async (database: Database, ...tables: Dataset['tables']) =>
  database.load({ tables }, await database.introspect());
const rowsIn = async (database: Database, table: string) => {
  const found = (await database.capture(CAPTURE)).tables.get(table)?.rows;
  return found?.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
};
const table = (result: { readonly loaded: Dataset }, name: string) =>
  result.loaded.tables.find((one) => one.table === name)?.rows;

describe('load', () => {
  it('should put exact values in, identity columns included, leave generated ones to the database, and raise sequences', async () => {
    await using database =
      await make(`CREATE TABLE a (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, s serial, n numeric, t text, d int GENERATED ALWAYS AS (id * 2) STORED);
      CREATE SEQUENCE falling INCREMENT -1 MINVALUE -100 START -1; CREATE TABLE b (x int DEFAULT nextval('falling')); CREATE TABLE nothing ();`);
    const values: Row = ['7', '3', '12345678901234567890.0100', "it's \\ ☃"];
    const result = await load(
      database,
      rows('public.a', ['id', 's', 'n', 't', 'd'], [...values, '99']),
      rows('public.b', ['x'], ['-5']),
      rows('public.nothing', [], [], []),
    );
    expect(result.refused).toEqual([]);
    expect(await rowsIn(database, 'public.a')).toEqual([[...values, '14']]);
    const snapshot = await database.capture(CAPTURE);
    expect(snapshot.tables.get('public.nothing')?.rowCount).toBe(2);
    expect(
      snapshot.sequences.map(({ name, nextValue, ownedBy, columnExtreme }) => [
        name,
        nextValue,
        ownedBy?.column,
        columnExtreme,
      ]),
    ).toEqual([
      ['public.a_id_seq', '8', 'id', '7'],
      ['public.a_s_seq', '4', 's', '3'],
      ['public.falling', '-6', 'x', '-5'],
    ]);
  });

  it('should refuse single rows, with those that refer to them, and keep the rest', async () => {
    await using database = await make(
      `CREATE TABLE p (id int PRIMARY KEY, n int CHECK (n > 0) NOT NULL); CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p);`,
    );
    const parents = Array.from({ length: 40 }, (_, n): Row => [String(n), n === 13 ? '0' : n === 21 ? null : '1']);
    const children = Array.from({ length: 40 }, (_, n): Row => [String(n), String(n)]);
    const result = await load(
      database,
      rows('public.c', ['id', 'p'], ...children),
      rows('public.p', ['id', 'n'], ...parents),
    );
    expect(
      result.refused.map(({ table: name, row, fault }) => [
        name,
        row[0],
        fault.class,
        fault.constraint ?? fault.column,
      ]),
    ).toEqual([
      ['public.p', '13', 'check', 'p_n_check'],
      ['public.p', '21', 'not-null', 'n'],
      ['public.c', '13', 'foreign-key', 'c_p_fkey'],
      ['public.c', '21', 'foreign-key', 'c_p_fkey'],
    ]);
    expect(table(result, 'public.p')).toHaveLength(38);
    expect(await rowsIn(database, 'public.c')).toHaveLength(38);
  });

  it('should load circles of tables whose keys are NOT NULL and never deferred', async () => {
    await using database =
      await make(`CREATE TABLE x (id int PRIMARY KEY, y int NOT NULL); CREATE TABLE y (id int PRIMARY KEY, x int NOT NULL REFERENCES x);
      ALTER TABLE x ADD CONSTRAINT xy FOREIGN KEY (y) REFERENCES y; CREATE TABLE self (id int PRIMARY KEY, up int NOT NULL REFERENCES self);`);
    const good = await load(
      database,
      rows('public.x', ['id', 'y'], ['1', '1'], ['2', '2']),
      rows('public.y', ['id', 'x'], ['1', '2'], ['2', '1']),
      rows('public.self', ['id', 'up'], ['1', '2'], ['2', '1']),
    );
    expect(good.refused).toEqual([]);
    expect((await database.capture(CAPTURE)).tables.get('public.x')?.rowCount).toBe(2);
  });

  it('should drop only the broken part of a circle', async () => {
    await using database =
      await make(`CREATE TABLE x (id int PRIMARY KEY, y int NOT NULL, ok bool CHECK (ok)); CREATE TABLE y (id int PRIMARY KEY, x int NOT NULL REFERENCES x);
      ALTER TABLE x ADD CONSTRAINT xy FOREIGN KEY (y) REFERENCES y; CREATE TABLE self (id int PRIMARY KEY, up int REFERENCES self, ok bool CHECK (ok));`);
    const result = await load(
      database,
      rows('public.x', ['id', 'y', 'ok'], ['1', '1', 't'], ['2', '2', 'f'], ['3', '3', 't']),
      rows('public.y', ['id', 'x'], ['1', '1'], ['2', '2'], ['3', '3']),
      rows('public.self', ['id', 'up', 'ok'], ['1', null, 't'], ['2', '1', 'f'], ['3', '2', 't'], ['4', '1', 't']),
    );
    expect(table(result, 'public.x')?.map(([id]) => id)).toEqual(['1', '3']);
    expect(table(result, 'public.y')?.map(([id]) => id)).toEqual(['1', '3']);
    expect(table(result, 'public.self')?.map(([id]) => id)).toEqual(['1', '4']);
    expect(await rowsIn(database, 'public.self')).toEqual([
      ['1', null, 't'],
      ['4', '1', 't'],
    ]);
  });

  it('should say what triggers refuse or drop, and report what is there', async () => {
    await using database = await make(`CREATE TABLE t (id int PRIMARY KEY);
      CREATE FUNCTION judge() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.id = 2 THEN RETURN NULL; ELSIF NEW.id = 3 THEN RAISE 'no three'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER judge BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION judge();`);
    const result = await load(database, rows('public.t', ['id'], ['1'], ['2'], ['3'], ['4']));
    expect(table(result, 'public.t')).toEqual([['1'], ['4']]);
    expect(result.refused.map(({ row, fault }) => [row[0], fault.class])).toEqual([
      ['2', 'other'],
      ['3', 'raised'],
    ]);
    expect(await rowsIn(database, 'public.t')).toEqual([['1'], ['4']]);
  });

  it('should respect deferred keys and constraint triggers that only look at COMMIT', async () => {
    await using database =
      await make(`CREATE TABLE d (id int PRIMARY KEY, up int REFERENCES d DEFERRABLE INITIALLY DEFERRED, ok bool NOT NULL);
      CREATE TABLE entry (n int);
      CREATE FUNCTION balanced() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT sum(n) FROM entry) <> 0 THEN RAISE 'unbalanced'; END IF; RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER balance AFTER INSERT ON entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION balanced();`);
    const result = await load(
      database,
      rows('public.d', ['id', 'up', 'ok'], ['1', '9', 't'], ['2', '1', 't'], ['3', null, 't'], ['4', null, null]),
      rows('public.entry', ['n'], ['5'], ['-5']),
    );
    expect(table(result, 'public.d')?.map(([id]) => id)).toEqual(['3']);
    expect(table(result, 'public.entry')).toEqual([['5'], ['-5']]);
    const unbalanced = await load(database, rows('public.entry', ['n'], ['0'], ['7']));
    expect(table(unbalanced, 'public.entry')).toEqual([['0']]);
    expect(unbalanced.refused.map(({ fault }) => fault.class)).toEqual(['raised']);
  });

  it('should load through the root of a partitioned table, tables with rules, and names that need quotes', async () => {
    await using database =
      await make(`CREATE SCHEMA "My ""Schema"; CREATE TABLE "My ""Schema"."Ord er" ("select" int, "größe" int) PARTITION BY LIST ("select");
      CREATE TABLE "My ""Schema"."Leaf" PARTITION OF "My ""Schema"."Ord er" FOR VALUES IN (1);
      CREATE TABLE logged (a int); CREATE TABLE log (a int); CREATE RULE also AS ON INSERT TO logged DO ALSO INSERT INTO log VALUES (1);`);
    const key = '"My ""Schema"."Ord er"';
    const result = await load(
      database,
      rows(key, ['select', 'größe'], ['1', '5'], ['2', '6']),
      rows('public.logged', ['a'], ['1']),
    );
    expect(table(result, key)).toEqual([['1', '5']]);
    expect(result.refused).toMatchObject([{ fault: { class: 'check' } }]);
    const { tables } = await database.capture(CAPTURE);
    expect([...tables.keys()]).toEqual([key, 'public.log', 'public.logged']);
    expect(tables.get(key)?.rows).toEqual([['1', '5']]);
    expect(tables.get('public.log')?.rowCount).toBe(1);
  });

  it('should leave nothing in the session for the next script', async () => {
    await using database = await make('CREATE TABLE s (id serial)');
    await load(database, rows('public.s', ['id'], ['4']));
    expect(await database.execute(script('autocommit', 'SELECT lastval()'), LIMITS)).toMatchObject({
      status: 'failed',
      fault: { code: '55000' },
    });
  });
});
