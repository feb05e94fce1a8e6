import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench } from '../../harness/campaign/workbench.ts';
import type { Cluster, Database, Template } from '../../harness/core/dialect.ts';
import { scriptOf } from '../../harness/core/script.ts';
import { openCluster, type PostgresServer, startServer } from '../dialects/postgres/support.ts';

const LIMITS = { statementMs: 30_000, scriptMs: 60_000 };
const LOOK = { maxRowsPerTable: 100, projections: [] };

describe('a bench', () => {
  let server: PostgresServer;
  let cluster: Cluster;
  let template: Template;

  beforeAll(async () => {
    server = await startServer();
    cluster = await openCluster(server);
    const database = await cluster.create();
    await database.run(`CREATE TABLE holding (id int PRIMARY KEY, nick text); INSERT INTO holding VALUES (1, 'seed')`);
    template = await cluster.freeze(database, 'base');
  }, 120_000);
  afterAll(async () => {
    await cluster[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const run = (database: Database, sql: string) => database.execute(scriptOf(sql), LIMITS);
  const runs = async (database: Database, sql: string) => (await run(database, sql)).status === 'completed';
  const rows = async (database: Database) => {
    const { catalog, tables } = await database.capture(LOOK);
    return { fingerprint: catalog.fingerprint, rows: tables.get('public.holding')?.rows };
  };

  it('should bring a database back by the way that it was told, where an up changed the schema', async () => {
    await using bench = openWorkbench(cluster, template);
    const database = await bench.fresh();
    const before = await rows(database);
    await run(database, `ALTER TABLE holding ADD COLUMN label text; UPDATE holding SET nick = 'changed'`);
    bench.left(await database.capture(LOOK), (given) => runs(given, 'ALTER TABLE holding DROP COLUMN label'));
    const again = await bench.fresh();
    expect(again).toBe(database);
    expect(await rows(again)).toEqual(before);
  });

  it('should bring it back where nobody knows what it looks like', async () => {
    await using bench = openWorkbench(cluster, template);
    const database = await bench.fresh();
    await run(database, `INSERT INTO holding VALUES (2, 'more'); CREATE TABLE lot (id int)`);
    bench.left(null, (given) => runs(given, 'DROP TABLE lot'));
    const again = await bench.fresh();
    expect(again).toBe(database);
    expect((await rows(again)).rows).toEqual([['1', 'seed']]);
  });

  it('should take rows out where the way refuses to lose any', async () => {
    await using bench = openWorkbench(cluster, template);
    const database = await bench.fresh();
    await run(
      database,
      `CREATE TABLE lot (id int PRIMARY KEY, holding int REFERENCES holding);
      CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'kept'; END $$;
      CREATE TRIGGER keep BEFORE TRUNCATE ON lot EXECUTE FUNCTION keep();
      INSERT INTO lot VALUES (7, 1)`,
    );
    bench.left(await database.capture(LOOK), (given) =>
      runs(
        given,
        `DO $$ BEGIN IF EXISTS (SELECT FROM lot) THEN RAISE 'there are lots'; END IF; END $$; DROP TABLE lot; DROP FUNCTION keep`,
      ),
    );
    const again = await bench.fresh();
    expect(again).toBe(database);
    expect((await rows(again)).rows).toEqual([['1', 'seed']]);
  });

  it('should take a new clone where the way leads elsewhere, fails, or was never told', async () => {
    await using bench = openWorkbench(cluster, template);
    const ways = [
      (given: Database) => runs(given, 'SELECT 1'),
      (given: Database) => runs(given, 'DROP TABLE nothing'),
      undefined,
    ];
    for (const way of ways) {
      const database = await bench.fresh();
      await run(database, 'CREATE INDEX holding_nick ON holding (nick)');
      bench.left(await database.capture(LOOK), way);
      const again = await bench.fresh();
      expect(again).not.toBe(database);
      expect((await rows(again)).fingerprint).toBe((await rows(await bench.clone())).fingerprint);
      bench.left(null);
    }
  });
});
