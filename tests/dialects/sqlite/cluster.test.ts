import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { LIMITS, capture, execute, makeFolder, objectOf, openCluster, rowsOf, script } from './support.ts';

describe.each(['memory', 'file'])('databases in %s', (place) => {
  it('should clone a template as often as wanted, each clone apart', async () => {
    using folder = makeFolder();
    await using cluster = await openCluster({}, place === 'file' ? folder.path : null);
    const origin = await cluster.create();
    await execute(origin, 'PRAGMA user_version = 7; CREATE TABLE t (a); INSERT INTO t VALUES (1)');
    await using template = await cluster.freeze(origin, 'one');
    expect(template.key).toBe('one');
    await using first = await cluster.create(template);
    await using second = await cluster.create(template);
    await execute(first, 'INSERT INTO t VALUES (2)');
    expect(await rowsOf(first, 'SELECT a FROM t')).toEqual([['1'], ['2']]);
    expect(await rowsOf(second, 'SELECT a FROM t')).toEqual([['1']]);
    expect(objectOf(await capture(second), 'database', 'main').attributes['user version']).toBe('7');
  });

  it('should reset to the template, or to nothing', async () => {
    using folder = makeFolder();
    await using cluster = await openCluster({}, place === 'file' ? folder.path : null);
    const origin = await cluster.create();
    await execute(origin, 'CREATE TABLE t (a)');
    const template = await cluster.freeze(origin, 'one');
    await using clone = await cluster.create(template);
    await using empty = await cluster.create();
    for (const database of [clone, empty]) {
      await execute(database, 'CREATE TABLE other (a); PRAGMA user_version = 3');
      await capture(database);
      expect(await database.reset(null)).toBe(true);
    }
    expect([...(await capture(clone)).tables.keys()]).toEqual(['t']);
    expect((await capture(empty)).tables.size).toBe(0);
    expect(objectOf(await capture(empty), 'database', 'main').attributes['user version']).toBe('0');
  });

  it('should keep what was committed before a statement that never ends', async () => {
    using folder = makeFolder();
    await using cluster = await openCluster({}, place === 'file' ? folder.path : null);
    await using database = await cluster.create();
    const endless = 'WITH x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x) INSERT INTO a SELECT n FROM x';
    const outcome = await database.execute(script(`CREATE TABLE a (x); INSERT INTO a VALUES (1); ${endless}`), {
      statementMs: 400,
      scriptMs: 5000,
    });
    expect(outcome).toMatchObject({ status: 'timed-out', at: { number: 3 } });
    expect(await rowsOf(database, 'SELECT x FROM a')).toEqual([['1']]);
  });

  it('should refuse a query that writes, and say what is wrong with a preparation', async () => {
    using folder = makeFolder();
    await using cluster = await openCluster({}, place === 'file' ? folder.path : null);
    await using database = await cluster.create();
    await database.run('CREATE TABLE t (a); INSERT INTO t VALUES (1)');
    for (const sql of ['DELETE FROM t RETURNING a', 'DELETE FROM t', 'SELECT 1; SELECT 2', 'PRAGMA user_version = 5']) {
      expect(await database.query(sql, 10, 1000)).toMatchObject({ status: 'failed', fault: { class: 'permission' } });
    }
    expect(await database.query('SELECT a, a AS a, 2.5 FROM t ORDER BY a DESC; -- done', 10, 1000)).toEqual({
      status: 'rows',
      columns: ['a', 'a', '2.5'],
      rows: [['1', '1', '2.5']],
      rowCount: 1,
    });
    expect(await database.query('SELECT nope', 10, 1000)).toMatchObject({ fault: { class: 'missing-object' } });
    expect(await database.query('VALUES (1), (2), (3)', 2, 1000)).toMatchObject({ rows: [['1'], ['2']], rowCount: 3 });
    expect(await database.query('PRAGMA table_list(t)', 2, 1000)).toMatchObject({ status: 'rows' });
    await expect(database.run('INSERT INTO nope VALUES (1)')).rejects.toMatchObject({
      kind: 'usage',
      code: 'sql-failed',
    });
  });
});

describe('database files', () => {
  it('should keep the journal mode, and leave no file behind', async () => {
    using folder = makeFolder();
    {
      await using cluster = await openCluster({}, folder.path);
      const origin = await cluster.create();
      await execute(origin, 'PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1)');
      expect(objectOf(await capture(origin), 'database', 'main').attributes['journal']).toBe('wal');
      const template = await cluster.freeze(origin, 'one');
      const clone = await cluster.create(template);
      expect(objectOf(await capture(clone), 'database', 'main').attributes['journal']).toBe('wal');
      expect(await rowsOf(clone, 'SELECT a FROM t')).toEqual([['1']]);
      expect(existsSync(clone.address)).toBe(true);
    }
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('should stay where they are to be kept', async () => {
    using folder = makeFolder();
    let address = '';
    {
      await using cluster = await openCluster({ keep: true }, folder.path);
      const database = await cluster.create();
      await execute(database, 'CREATE TABLE t (a)');
      address = database.address;
    }
    expect(existsSync(address)).toBe(true);
  });

  it('should say so where no file can be made', async () => {
    using folder = makeFolder();
    await expect(openCluster({}, join(folder.path, 'no', 'such', 'folder'))).rejects.toMatchObject({
      kind: 'environment',
    });
  });
});

describe('engine processes', () => {
  it('should report a lost process as a fault of the environment', async () => {
    await using cluster = await openCluster({});
    const database = await cluster.create();
    await execute(database, 'CREATE TABLE t (a)');
    for (const pid of childrenOf(process.pid)) if (isEngine(pid)) process.kill(pid, 'SIGKILL');
    await expect(capture(database)).rejects.toMatchObject({ code: 'server-lost', kind: 'environment' });
    await using next = await cluster.create();
    expect((await next.execute(script('SELECT 1'), LIMITS)).status).toBe('completed');
  });

  it.each(['SELECT 1', 'WITH x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x) SELECT count(*) FROM x'])(
    'should end when their harness is killed, idle or in the middle of: %s',
    async (sql) => {
      const harness = spawn(
        process.execPath,
        ['--import', import.meta.resolve('tsx'), fileURLToPath(new URL('./harness-to-kill.ts', import.meta.url)), sql],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      await new Promise((resolve) => {
        harness.stdout.once('data', resolve).once('end', resolve);
      });
      const engines = childrenOf(harness.pid!).filter(isEngine);
      expect(engines).toHaveLength(1);
      harness.kill('SIGKILL');
      await expect
        .poll(() => engines.filter((pid) => existsSync(`/proc/${pid}`) && isEngine(pid)), { timeout: 10_000 })
        .toEqual([]);
    },
  );
});

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((each) => parentOf(each) === pid);
}

function parentOf(pid: number): number | null {
  try {
    return Number(/\) \S (\d+)/.exec(readFileSync(join('/proc', String(pid), 'stat'), 'utf8'))?.[1]);
  } catch {
    return null;
  }
}

function isEngine(pid: number): boolean {
  try {
    return readFileSync(join('/proc', String(pid), 'cmdline'), 'utf8').includes('engine-main');
  } catch {
    return false;
  }
}
