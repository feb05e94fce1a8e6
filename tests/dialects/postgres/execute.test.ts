import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster, Database } from '../../../harness/core/dialect.ts';
import type { Script, TransactionMode } from '../../../harness/core/migration.ts';
import type { ScriptOutcome } from '../../../harness/core/trace.ts';
import { openClient } from '../../../harness/dialects/postgres/connection.ts';
import { LIMITS, openCluster, script, startServer } from './support.ts';
import type { PostgresServer } from './support.ts';

let server: PostgresServer;
let cluster: Cluster;
let database: Database;

beforeAll(async () => {
  server = await startServer();
  cluster = await openCluster(server);
  database = await cluster.create();
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const execute = (mode: TransactionMode, ...chunks: readonly string[]): Promise<ScriptOutcome> =>
  database.execute(script(mode, ...chunks), LIMITS);
const run = (one: Script, statementMs: number, scriptMs: number) => database.execute(one, { statementMs, scriptMs });
const ask = async (sql: string) => {
  const result = await database.query(sql, 100, 5_000);
  if (result.status === 'failed') throw new Error(result.fault.message);
  return result.rows;
};
const failed = (outcome: ScriptOutcome) => {
  if (outcome.status !== 'failed') throw new Error(`expected a failure, got ${JSON.stringify(outcome)}`);
  return outcome;
};

describe('autocommit', () => {
  it('should keep what committed before the failing statement and stop there', async () => {
    const outcome = failed(
      await execute(
        'autocommit',
        'CREATE TABLE auto1 (a int NOT NULL);\nINSERT INTO auto1 VALUES (1);\n\n  INSERT INTO auto1 VALUES (NULL);\nINSERT INTO auto1 VALUES (3);',
      ),
    );
    expect(outcome.fault).toMatchObject({ code: '23502', class: 'not-null', table: 'auto1', column: 'a' });
    expect(outcome.at).toMatchObject({
      file: 'migrations/0001_test.sql',
      number: 3,
      of: 4,
      line: 4,
      column: 3,
      text: 'INSERT INTO auto1 VALUES (NULL)',
    });
    expect(await ask('SELECT a FROM auto1')).toEqual([['1']]);
  });

  it('should honour BEGIN and COMMIT, and roll back what is left open', async () => {
    expect(
      (
        await execute(
          'autocommit',
          'CREATE TABLE auto2 (a int); BEGIN; INSERT INTO auto2 VALUES (1); COMMIT; BEGIN; INSERT INTO auto2 VALUES (2);',
        )
      ).status,
    ).toBe('completed');
    expect(await ask('SELECT a FROM auto2')).toEqual([['1']]);
  });

  it('should run what cannot run in a transaction', async () => {
    const outcome = await execute(
      'autocommit',
      `CREATE TABLE auto3 (a int); CREATE INDEX CONCURRENTLY auto3_a ON auto3 (a); VACUUM auto3;
       CREATE PROCEDURE fill() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO auto3 VALUES (1); COMMIT; INSERT INTO auto3 VALUES (2); ROLLBACK; END $$;
       CALL fill(); DO $$ BEGIN INSERT INTO auto3 VALUES (3); COMMIT; END $$;`,
    );
    expect(outcome).toMatchObject({ status: 'completed', statements: 6 });
    expect(await ask('SELECT a FROM auto3 ORDER BY a')).toEqual([['1'], ['3']]);
  });

  it('should load the data of COPY, and name the COPY that fails', async () => {
    const text =
      'CREATE TABLE copied (a int, b text);\nCOPY copied FROM stdin;\n1\tx;y\n2\t\\N\n\\.\nSELECT 1;\nCOPY copied (b, a) FROM stdin WITH (FORMAT csv);\n"q,\n",3\n\\.\nCOPY copied FROM stdin;\nnot a number\tx\n\\.\n';
    const outcome = failed(await execute('autocommit', text));
    expect(outcome).toMatchObject({ fault: { code: '22P02', class: 'value' }, at: { number: 5, line: 11 } });
    expect(await ask('SELECT a, b FROM copied ORDER BY a')).toEqual([
      ['1', 'x;y'],
      ['2', null],
      ['3', 'q,\n'],
    ]);
  });

  it('should refuse psql commands that would be obeyed by psql', async () => {
    await expect(execute('autocommit', 'SELECT 1;\n\\i other.sql')).rejects.toMatchObject({
      code: 'psql-command',
      kind: 'usage',
      place: { line: 2 },
    });
  });
});

describe('implicit', () => {
  it('should make each chunk one transaction, and find the failing statement', async () => {
    const outcome = failed(
      await execute(
        'implicit',
        'CREATE TABLE imp1 (a int UNIQUE);',
        'INSERT INTO imp1 VALUES (1);\nINSERT INTO imp1 VALUES (1); SELECT 1;',
      ),
    );
    expect(outcome).toMatchObject({
      fault: { code: '23505', class: 'unique', constraint: 'imp1_a_key' },
      at: { number: 3, of: 4, line: 3, column: 1 },
    });
    expect(await ask('SELECT a FROM imp1')).toEqual([]);
  });

  it('should place a syntax error in its statement', async () => {
    const outcome = failed(await execute('implicit', "SELECT '😀';\nSELECT 2;\n  SELEC 3;\nSELECT 4"));
    expect(outcome).toMatchObject({ fault: { class: 'syntax' }, at: { number: 3, line: 3, column: 3 } });
  });

  it('should refuse what cannot run in a transaction, as the tool would meet it', async () => {
    const outcome = failed(
      await execute('implicit', 'CREATE TABLE imp2 (a int); CREATE INDEX CONCURRENTLY imp2_a ON imp2 (a);'),
    );
    expect(outcome).toMatchObject({ fault: { code: '25001', class: 'transaction-state' }, at: { number: 2 } });
    expect(
      (await execute('implicit', 'CREATE TABLE imp3 (a int);', 'CREATE INDEX CONCURRENTLY imp3_a ON imp3 (a);')).status,
    ).toBe('completed');
  });

  it('should fail COPY FROM stdin, for which the tool has no data', async () => {
    expect(failed(await execute('implicit', 'CREATE TABLE imp4 (a int); COPY imp4 FROM stdin;')).at).toMatchObject({
      number: 2,
    });
  });
});

describe('wrapped', () => {
  it('should undo everything where a statement or COMMIT fails', async () => {
    expect(failed(await execute('wrapped', 'CREATE TABLE wr1 (a int);', 'SELECT 1/0;')).at).toMatchObject({
      number: 2,
      line: 2,
    });
    expect(await ask(`SELECT to_regclass('wr1')`)).toEqual([[null]]);
    await execute(
      'wrapped',
      'CREATE TABLE wr2 (a int PRIMARY KEY, b int REFERENCES wr2 DEFERRABLE INITIALLY DEFERRED);',
    );
    const deferred = failed(await execute('wrapped', 'INSERT INTO wr2 VALUES (1, 2);'));
    expect(deferred).toMatchObject({ fault: { class: 'foreign-key' }, at: null });
    expect(await ask('SELECT * FROM wr2')).toEqual([]);
  });
});

describe('sessions', () => {
  it('should start each script as if its connection were new', async () => {
    await execute(
      'autocommit',
      'SET search_path TO pg_catalog; CREATE TEMP TABLE tmp (a int); PREPARE p AS SELECT 1; SET ROLE pg_monitor; SELECT pg_advisory_lock(7);',
    );
    const checks = ['DEALLOCATE p', 'SELECT * FROM tmp'];
    for (const check of checks) expect(failed(await execute('autocommit', check)).fault.class).toBe('missing-object');
    expect(
      await ask(
        `SELECT current_setting('search_path'), current_user, (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`,
      ),
    ).toEqual([['"$user", public', 'postgres', '0']]);
  });

  it('should not show custom settings of one script to the next, and show settings of the database', async () => {
    await execute('autocommit', `SET palindrome_test.a = 'x'; SELECT set_config('palindrome_test.b', 'y', false);`);
    expect(failed(await execute('autocommit', `SELECT current_setting('palindrome_test.a')`)).fault.code).toBe('42704');
    await execute(
      'autocommit',
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path TO elsewhere, public', current_database()); END $$`,
    );
    expect(await ask('SHOW search_path')).toEqual([['elsewhere, public']]);
    await execute(
      'autocommit',
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET search_path', current_database()); END $$`,
    );
  });

  it('should tell a script that ends its own session from a lost server', async () => {
    const outcome = failed(await execute('autocommit', 'SELECT 1; SELECT pg_terminate_backend(pg_backend_pid());'));
    expect(outcome).toMatchObject({ fault: { code: '57P01' }, at: { number: 2 } });
    expect((await execute('autocommit', 'SELECT 1')).status).toBe('completed');
  });
});

describe('limits', () => {
  it('should cancel a statement at its limit and say which', async () => {
    const outcome = await run(script('autocommit', 'SELECT 1;\nSELECT pg_sleep(30);'), 200, 10_000);
    expect(outcome).toMatchObject({ status: 'timed-out', limitMs: 200, at: { number: 2, line: 2 } });
    expect(outcome.durationMs).toBeLessThan(3_000);
  });

  it('should also cancel where the script switched the timeout off, in every mode', async () => {
    for (const mode of ['autocommit', 'implicit', 'wrapped'] as const) {
      const outcome = await run(script(mode, 'SET statement_timeout = 0; SELECT pg_sleep(30);'), 200, 10_000);
      expect({ mode, ...outcome }).toMatchObject({ status: 'timed-out', limitMs: 200, at: { number: 2 } });
    }
  });

  it('should hold the limit of the whole script', async () => {
    const outcome = await run(script('autocommit', 'SELECT pg_sleep(0.2);'.repeat(30)), 5_000, 500);
    expect(outcome).toMatchObject({ status: 'timed-out', limitMs: 500 });
    expect(outcome.durationMs).toBeLessThan(2_000);
  });

  it('should report a timeout that the script set itself as its failure', async () => {
    const outcome = failed(
      await run(script('autocommit', 'SET statement_timeout = 50; SELECT pg_sleep(5);'), 4_000, 9_000),
    );
    expect(outcome.fault.class).toBe('timeout');
  });

  it('should cancel a wait for a lock', async () => {
    await execute('autocommit', 'CREATE TABLE locked (a int)');
    const [[name] = []] = await ask('SELECT current_database()');
    const blocker = await openClient(server, name ?? '');
    await blocker.query('BEGIN; LOCK TABLE locked');
    try {
      const outcome = await run(script('wrapped', 'ALTER TABLE locked ADD b int'), 300, 9_000);
      expect(outcome).toMatchObject({ status: 'timed-out', limitMs: 300, at: { number: 1 } });
    } finally {
      await blocker.end();
    }
  });
});

describe('query', () => {
  it('should give exact text, count what it does not keep, and refuse to write', async () => {
    const result = await database.query(
      `SELECT 9007199254740993::int8 AS big, 0.10::numeric, NULL, '2020-01-01 00:00:00.123456+02'::timestamptz FROM generate_series(1, 5);`,
      2,
      5_000,
    );
    expect(result).toMatchObject({
      status: 'rows',
      rowCount: 5,
      columns: ['big', 'numeric', '?column?', 'timestamptz'],
    });
    expect(result.status === 'rows' && result.rows).toEqual(
      Array.from({ length: 2 }, () => ['9007199254740993', '0.10', null, '2019-12-31 22:00:00.123456+00']),
    );
    expect(await database.query('CREATE TABLE no (a int)', 1, 5_000)).toMatchObject({
      status: 'failed',
      fault: { class: 'transaction-state' },
    });
    expect(await database.query('SELECT 1; DROP TABLE copied', 1, 5_000)).toMatchObject({
      status: 'failed',
      fault: { class: 'syntax' },
    });
    expect(await database.query('SELECT pg_sleep(9)', 1, 100)).toMatchObject({
      status: 'failed',
      fault: { class: 'timeout' },
    });
  });

  it('should throw the message of a preparation that fails', async () => {
    await database.run('CREATE TABLE prepared (a int); INSERT INTO prepared VALUES (1)');
    await expect(database.run('INSERT INTO prepared VALUES (2); SELECT 1/0')).rejects.toMatchObject({
      code: 'preparation-failed',
      kind: 'usage',
    });
    expect(await ask('SELECT * FROM prepared')).toEqual([['1']]);
  });
});
