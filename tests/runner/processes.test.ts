import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { makeFolder, runCli, startCli } from '../cli/run-cli.ts';
import { makeBench, SET, useServer } from './support.ts';
import type { Bench } from './support.ts';

useServer();

const args = ({ database }: Bench, verb = 'up') => [verb, 'm', '--database', database];

/** Waits until a query gives a row. */
async function until(bench: Bench, query: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const rows = await bench.rows(query).catch(() => []);
    if (rows.length > 0) return;
    await sleep(50);
  }
  throw new Error(`nothing came of ${query}`);
}

const SLOW = {
  postgres: 'SELECT pg_sleep(30);\n',
  sqlite:
    'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT count(*) FROM n;\n',
} as const;
const STARTED = {
  postgres: `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(%' AND state = 'active' AND pid <> pg_backend_pid()`,
  sqlite: `SELECT 1 FROM palindrome_ledger WHERE version = '0002' AND state = 'started'`,
} as const;

describe.each(['sqlite', 'postgres'] as const)('processes on %s', (dialect) => {
  it('should let one of two runners wait, and both end well', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 6 }, (_, at) => [`${at + 1}_t.up.sql`, `CREATE TABLE t${at + 1} (id integer);\n`]),
    );
    await using bench = await makeBench(dialect, files);
    const both = await Promise.all([1, 2].map(async () => runCli(args(bench), bench.cwd)));
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    const done = both.map(({ out }) => [...out.matchAll(/up +(\d)_t/g)].length).toSorted((a, b) => a - b);
    expect(done).toEqual([0, 6]);
    expect(await bench.rows('SELECT count(*) FROM palindrome_ledger')).toEqual([['6']]);
  });

  it('should leave no lock after kill -9, and know the half migration', async () => {
    await using bench = await makeBench(dialect, {
      '0001_a.sql': 'CREATE TABLE a (id integer);\n',
      '0002_b.sql': `CREATE TABLE b (id integer);\n${SLOW[dialect]}`,
    });
    const running = startCli([...args(bench), '--no-backup'], bench.cwd);
    await until(bench, STARTED[dialect]);
    if (dialect === 'sqlite') await until(bench, `SELECT 1 FROM sqlite_schema WHERE name = 'b'`);
    running.child.kill('SIGKILL');
    await running.finished;
    const refused = await runCli(args(bench), bench.cwd);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('The database may hold half a migration');
    await bench.sql('DROP TABLE b');
    await bench.write({ '0002_b.sql': 'CREATE TABLE b (id integer);\n' });
    const mended = await runCli(
      [...args(bench), '--mark-pending', '0002', '--no-backup', '--lock-timeout', '20s'],
      bench.cwd,
    );
    expect({ code: mended.code, err: mended.err.replace(/another runner.*\n/, '') }).toEqual({ code: 0, err: '' });
  });

  it('should roll a killed transaction back, ledger included', async () => {
    await using bench = await makeBench(dialect, {
      '1_a.up.sql': 'CREATE TABLE a (id integer);\n',
      '2_b.up.sql': `CREATE TABLE b (id integer);\n${SLOW[dialect]}`,
    });
    const running = startCli([...args(bench), '--no-backup'], bench.cwd);
    await until(bench, `SELECT 1 FROM palindrome_ledger WHERE version = '1' AND duration_ms IS NOT NULL`);
    if (dialect === 'postgres') await until(bench, STARTED.postgres);
    else await sleep(700);
    running.child.kill('SIGKILL');
    await running.finished;
    await bench.write({ '2_b.up.sql': 'CREATE TABLE b (id integer);\n' });
    const again = await runCli([...args(bench), '--no-backup', '--lock-timeout', '20s'], bench.cwd);
    expect(again.code).toBe(0);
    expect(await bench.rows('SELECT version FROM palindrome_ledger ORDER BY position')).toEqual([['1'], ['2']]);
  });

  it('should stop at Ctrl-C with what runs rolled back and the lock given back', async () => {
    await using bench = await makeBench(dialect, {
      '1_a.up.sql': 'CREATE TABLE a (id integer);\n',
      '2_b.up.sql': `CREATE TABLE b (id integer);\n${SLOW[dialect]}`,
    });
    const running = startCli([...args(bench), '--no-backup'], bench.cwd);
    await until(bench, `SELECT 1 FROM palindrome_ledger WHERE version = '1' AND duration_ms IS NOT NULL`);
    if (dialect === 'postgres') await until(bench, STARTED.postgres);
    else await sleep(700);
    running.child.kill('SIGINT');
    const { code, out } = await running.finished;
    expect({ code, out: out.split('\n').at(-2) }).toEqual({
      code: 130,
      out: 'interrupted: 1 of 2 migrations done; the rest is as it was',
    });
    await bench.write({ '2_b.up.sql': 'CREATE TABLE b (id integer);\n' });
    expect((await runCli([...args(bench), '--no-backup'], bench.cwd)).code).toBe(0);
    expect(readdirSync(bench.cwd).filter((name) => name.includes('lock'))).toEqual([]);
  });
});

describe('PostgreSQL alone', () => {
  it('should wait for another runner without keeping its concurrent index from being built', async () => {
    await using bench = await makeBench('postgres', {
      '0001_a.sql':
        'CREATE TABLE a (id integer);\nINSERT INTO a SELECT generate_series(1, 1000);\nSELECT pg_sleep(8);\nCREATE INDEX CONCURRENTLY a_id ON a (id);\n',
    });
    const [first, second] = await Promise.all([
      runCli(args(bench), bench.cwd),
      until(bench, STARTED.postgres).then(async () => runCli(args(bench), bench.cwd)),
    ]);
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(second.err).toContain('another runner is at work on this database');
    expect(await bench.rows(`SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_id'::regclass`)).toEqual([['true']]);
  });

  it('should write the ledger as its own user, whatever role or path the script took on', async () => {
    const guest = `runner_guest_${process.pid}`;
    await using bench = await makeBench('postgres', {
      '1_a.up.sql': `CREATE SCHEMA other;\nDO $$ BEGIN CREATE ROLE ${guest}; EXCEPTION WHEN duplicate_object THEN NULL; END $$;\nGRANT USAGE, CREATE ON SCHEMA other TO ${guest};\nSET search_path = other;\nSET ROLE ${guest};\nCREATE TABLE a (id integer);\n`,
    });
    try {
      const { code, out } = await runCli(args(bench), bench.cwd);
      expect({ code, out }).toMatchObject({ code: 0 });
      expect(await bench.rows(`SELECT version FROM public.palindrome_ledger`)).toEqual([['1']]);
    } finally {
      await bench.sql(`DROP SCHEMA IF EXISTS other CASCADE; DROP OWNED BY ${guest}; DROP ROLE ${guest}`);
    }
  });

  it('should tell a database that is not up yet from one that waiting does not bring', async () => {
    await using bench = await makeBench('postgres', SET);
    const wait = ['--wait', '--wait-tries', '3', '--wait-delay', '50ms'];
    const missing = await runCli(
      ['up', 'm', '--database', bench.database.replace(/runner_\w+/, 'no_such_database'), ...wait],
      bench.cwd,
    );
    expect(missing.code).toBe(2);
    expect(missing.err).toMatch(/^error: There is no database "no_such_database"/);
    const stranger = await runCli(
      ['up', 'm', '--database', bench.database.replace('postgres@', 'nobody:secret@'), ...wait],
      bench.cwd,
    );
    expect(stranger.code).toBe(2);
    expect(stranger.err).toMatch(/^error: The server refuses to let "nobody" into/);
    expect(stranger.err).not.toContain('secret');
  });
});

describe('waiting', () => {
  it('should end with exit code 3 for a database that never comes, and say how often it tried', async () => {
    await using folder = await makeFolder({ 'm/1_a.up.sql': 'CREATE TABLE a (id integer);\n' });
    const port = await freePort();
    const database = `postgres://postgres@127.0.0.1:${port}/x`;
    const given = await runCli(
      ['up', 'm', '--database', database, '--wait', '--wait-tries', '3', '--wait-delay', '50ms'],
      folder.path,
    );
    expect(given.code).toBe(3);
    expect(given.err.replaceAll(/\s+/g, ' ')).toMatch(
      /error: The database did not come: tried 3 times in [\d.]+ s\. No answer from/,
    );
    expect(given.err.match(/waiting for the database/g)).toHaveLength(2);
    const once = await runCli(['up', 'm', '--database', database], folder.path);
    expect({ code: once.code, waited: once.err.includes('waiting') }).toEqual({ code: 3, waited: false });
  });

  it('should go on as soon as a file is there', async () => {
    await using folder = await makeFolder({ 'm/1_a.up.sql': 'CREATE TABLE a (id integer);\n' });
    const running = startCli(
      ['up', 'm', '--database', 'late.db', '--wait', '--wait-tries', '600', '--wait-delay', '100ms'],
      folder.path,
    );
    await sleep(1500);
    await runCli(['up', 'm', '--database', 'late.db', '--create', '--no-backup', '--dry-run'], folder.path);
    expect(existsSync(path.join(folder.path, 'late.db'))).toBe(false);
    await runCli(['up', 'm', '--database', 'late.db', '--create', '--no-backup'], folder.path);
    const { code, err } = await running.finished;
    expect({ code, hasWaited: err.includes('There is no file late.db') }, err).toEqual({ code: 0, hasWaited: true });
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 1;
}
