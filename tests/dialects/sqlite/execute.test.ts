import { describe, expect, it } from 'vitest';
import { LIMITS, capture, execute, openCluster, rowsOf, script } from './support.ts';

const ENDLESS = 'WITH x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x) SELECT count(*) FROM x';

describe('executing scripts', () => {
  it('should keep what was committed before a failing statement, when each commits alone', async () => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    const outcome = await database.execute(
      script(`CREATE TABLE a (x);\n  INSERT INTO nope VALUES (1);\nCREATE TABLE b (x)`),
      LIMITS,
    );
    expect(outcome).toMatchObject({
      status: 'failed',
      fault: { code: 'SQLITE_ERROR', class: 'missing-object' },
      at: {
        file: 'migrations/0001_test.sql',
        number: 2,
        of: 3,
        line: 2,
        column: 3,
        text: 'INSERT INTO nope VALUES (1)',
      },
    });
    expect([...(await capture(database)).tables.keys()]).toEqual(['a']);
  });

  it('should undo an open transaction of the script when a statement in it fails, and when it is never committed', async () => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    await database.execute(script('CREATE TABLE a (x); BEGIN; CREATE TABLE b (x); SELECT nope; COMMIT'), LIMITS);
    expect([...(await capture(database)).tables.keys()]).toEqual(['a']);
    await execute(database, 'BEGIN; CREATE TABLE b (x)');
    expect([...(await capture(database)).tables.keys()]).toEqual(['a']);
    await execute(database, 'BEGIN; CREATE TABLE b (x); COMMIT');
    expect([...(await capture(database)).tables.keys()]).toEqual(['a', 'b']);
  });

  it('should leave nothing of a wrapped script that fails', async () => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    const outcome = await database.execute(script('CREATE TABLE a (x); SELECT nope', 'wrapped'), LIMITS);
    expect(outcome.status).toBe('failed');
    expect((await capture(database)).tables.size).toBe(0);
  });

  it('should report a deferred violation at the commit of a wrapped script', async () => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    await execute(
      database,
      'CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p DEFERRABLE INITIALLY DEFERRED)',
    );
    const outcome = await database.execute(script('INSERT INTO c VALUES (9)', 'wrapped'), LIMITS);
    expect(outcome).toMatchObject({ status: 'failed', at: null, fault: { class: 'foreign-key' } });
    expect(await rowsOf(database, 'SELECT * FROM c')).toEqual([]);
  });

  it('should make PRAGMA foreign_keys do nothing inside a transaction, and something outside', async () => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    await execute(database, 'CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p)');
    const text = 'PRAGMA foreign_keys = OFF; INSERT INTO c VALUES (9)';
    expect((await database.execute(script(text, 'wrapped'), LIMITS)).status).toBe('failed');
    expect((await database.execute(script(text), LIMITS)).status).toBe('completed');
  });

  it('should run with foreign keys as the cluster was opened', async () => {
    await using cluster = await openCluster({ foreignKeys: false });
    await using database = await cluster.create();
    await execute(
      database,
      'CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p); INSERT INTO c VALUES (9)',
    );
    expect((await database.introspect()).tables[0]!.foreignKeys[0]!.isEnforced).toBe(false);
  });

  it('should give each script a session of its own', async () => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    await execute(
      database,
      `CREATE TABLE log (x); INSERT INTO log VALUES (1); CREATE TEMP TABLE t (x); PRAGMA foreign_keys = OFF;
      ATTACH ':memory:' AS other; CREATE TABLE other.o (x)`,
    );
    expect((await database.execute(script('SELECT * FROM t'), LIMITS)).status).toBe('failed');
    expect((await database.execute(script('SELECT * FROM other.o'), LIMITS)).status).toBe('failed');
    await execute(
      database,
      'INSERT INTO log SELECT last_insert_rowid() UNION ALL SELECT foreign_keys FROM pragma_foreign_keys',
    );
    expect(await rowsOf(database, 'SELECT x FROM log ORDER BY rowid')).toEqual([['1'], ['0'], ['1']]);
  });

  it('should accept double-quoted strings, as the builds that migrations run on do', async () => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    await execute(
      database,
      `CREATE TABLE "t" ("id" INTEGER, "status" TEXT CHECK ("status" IN ("open", "it's")));
      INSERT INTO "t" ("id", "status") VALUES (1, "open"); UPDATE t SET status = "it's" WHERE "id" = 1`,
    );
    expect(await rowsOf(database, 'SELECT * FROM t')).toEqual([['1', "'it''s'"]]);
    expect((await database.execute(script(`UPDATE t SET status = "id" WHERE id = 1`), LIMITS)).status).toBe('failed');
  });

  it('should call functions of the application, also in generated columns and with exact integers', async () => {
    const seen: unknown[] = [];
    let calls = 0;
    await using cluster = await openCluster({
      functions: {
        shout: (text) => String(text).toUpperCase(),
        remember: (value) => {
          seen.push(value);
          return value;
        },
        counter: () => ++calls,
        refuse: (reason) => {
          throw new Error(`the application says ${String(reason)}`);
        },
      },
    });
    await using database = await cluster.create();
    await execute(
      database,
      `CREATE TABLE t (a, b AS (shout(a)) STORED); INSERT INTO t VALUES ('x'), ('y');
      CREATE TABLE n AS SELECT a, counter() AS c, remember(9007199254740993) AS big FROM t`,
    );
    expect(await rowsOf(database, 'SELECT b FROM t')).toEqual([["'X'"], ["'Y'"]]);
    expect(await rowsOf(database, 'SELECT c, big FROM n ORDER BY a')).toEqual([
      ['1', '9007199254740993'],
      ['2', '9007199254740993'],
    ]);
    expect(seen[0]).toBe(9007199254740993n);
    const outcome = await database.execute(script("SELECT refuse('no')"), LIMITS);
    expect(outcome).toMatchObject({ status: 'failed', fault: { class: 'raised', message: 'the application says no' } });
  });

  it('should fail with a place where a string never ends, after what came before it', async () => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    const outcome = await database.execute(script(`CREATE TABLE a (x);\nSELECT 'abc`), LIMITS);
    expect(outcome).toMatchObject({ status: 'failed', fault: { class: 'syntax' }, at: { line: 2, column: 8 } });
  });
});

describe('a script that never ends', () => {
  it('should be stopped at its statement, keeping what was committed before', async () => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    await execute(database, 'CREATE TABLE before (x)');
    const outcome = await database.execute(script(`CREATE TABLE a (x);\n${ENDLESS};\nCREATE TABLE b (x)`), {
      statementMs: 300,
      scriptMs: 10_000,
    });
    expect(outcome).toMatchObject({ status: 'timed-out', limitMs: 300, at: { number: 2, line: 2 } });
    expect([...(await capture(database)).tables.keys()]).toEqual(['a', 'before']);
    await execute(database, 'INSERT INTO a VALUES (1)');
    expect(await database.reset(null)).toBe(true);
    expect((await capture(database)).tables.size).toBe(0);
  });

  it('should lose its transaction', async () => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    for (const [text, mode] of [
      [`CREATE TABLE a (x); ${ENDLESS}`, 'wrapped'],
      [`BEGIN; CREATE TABLE a (x); ${ENDLESS}; COMMIT`, 'autocommit'],
    ] as const) {
      const outcome = await database.execute(script(text, mode), { statementMs: 300, scriptMs: 10_000 });
      expect(outcome.status).toBe('timed-out');
      expect((await capture(database)).tables.size).toBe(0);
    }
  });

  it('should be stopped when the whole script takes too long', async () => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    const slow = `${ENDLESS.replace('FROM x)', 'FROM x WHERE n < 300000)')};\n`;
    const outcome = await database.execute(script(slow.repeat(2000)), { statementMs: 20_000, scriptMs: 500 });
    expect(outcome).toMatchObject({ status: 'timed-out', limitMs: 500 });
  });

  it('should not take other databases with it', async () => {
    await using cluster = await openCluster();
    await using one = await cluster.create();
    await using other = await cluster.create();
    await execute(other, 'CREATE TABLE keep (x)');
    await one.execute(script(ENDLESS), { statementMs: 300, scriptMs: 300 });
    expect((await capture(other)).tables.size).toBe(1);
  });

  it('should be a timeout as a query too', async () => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    await execute(database, 'CREATE TABLE keep (x)');
    expect(await database.query(ENDLESS, 1, 300)).toMatchObject({ status: 'failed', fault: { class: 'timeout' } });
    expect((await capture(database)).tables.size).toBe(1);
  });
});
