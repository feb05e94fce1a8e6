/** Campaigns on a queue: what they come to is what one process comes to, whoever is killed; and what is refused. */
import { appendFile, cp, mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BAD_SET, makeFolder, runCli, startCli } from '../cli/run-cli.ts';
import { ask, type SharedServer, startSharedServer } from '../store/places.ts';
import { makeCampaign, reportOf, startWorker, withoutTimes } from './support.ts';

const PATHS = [
  'migrations/reference/risk-daemon/as-documented',
  'migrations/faults/rollback-restores/nullable-column-comes-back-empty-sqlite/bad',
  'migrations/faults/rollback-restores/down-needs-an-empty-table-sqlite/bad',
];
const LONG = 400_000;

let server: SharedServer;
beforeAll(async () => {
  server = await startSharedServer();
}, 120_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

describe('a campaign on a queue', () => {
  it(
    'should come to what one process comes to, though two of four workers are killed',
    async () => {
      await using campaign = await makeCampaign(PATHS, 20);
      const alone = await campaign.alone();
      expect(alone.run.exitCode).toBe(1);
      const url = await server.makeDatabase();
      const submitter = await campaign.submit(url);
      await until(async () => (await ready(url)) > 0);
      const workers = Array.from({ length: 4 }, () => startWorker(url));
      for (const { child } of workers.slice(0, 2)) {
        // Once it has something in hand, at a moment that differs from run to run.
        await until(async () => (await inHand(url)) > 0 || (await ready(url)) === 0);
        await sleep(Math.random() * 2_000);
        child.kill('SIGKILL');
      }
      const together = reportOf(await submitter.finished);
      expect(withoutTimes(together)).toEqual(withoutTimes(alone));
      const ends = await Promise.all(workers.map(({ finished }) => finished));
      expect(ends.slice(2).map(({ code, err }) => ({ code, err: code === 0 ? '' : err }))).toEqual([
        { code: 0, err: '' },
        { code: 0, err: '' },
      ]);
      expect(ends.map(({ err }) => err).join('')).not.toContain('s3cr3t');
      // Nothing stays, and what was found is in the submitter's store.
      expect(await ready(url)).toBe(0);
      const found = together.sets.flatMap(({ migrations }) =>
        migrations.flatMap(({ results }) => results.flatMap(({ counterexample }) => counterexample ?? [])),
      );
      expect(found.length).toBeGreaterThan(0);
      const [first] = found;
      const replayed = await runCli(
        ['replay', first!.id, '--store', campaign.store],
        path.join(import.meta.dirname, '../..'),
      );
      expect(replayed.code, replayed.err).toBe(1);
    },
    LONG,
  );

  it(
    'should give an item back where a worker is asked to stop, and be gone on with where its submitter was',
    async () => {
      await using folder = await makeFolder(BAD_SET);
      const url = await server.makeDatabase();
      const args = [
        'fuzz',
        'migrations',
        '--dialect',
        'sqlite',
        '--cases-each',
        '100',
        '--seed',
        '7',
        '--queue',
        url,
        '--report',
        'json',
      ];
      const submitter = startCli(args, folder.path);
      await until(async () => (await ready(url)) > 0);
      const stopped = startCli(['worker', '--queue', url], folder.path);
      await until(async () => (await inHand(url)) > 0);
      submitter.child.kill('SIGTERM');
      const left = await submitter.finished;
      expect(left.code).toBe(3);
      expect(left.err).toContain('workers go on with it');
      stopped.child.kill('SIGTERM');
      const end = await stopped.finished;
      expect(end.code, end.err).toBe(130);
      expect(end.err).toContain('was given back');
      expect(await inHand(url)).toBe(0);
      const worker = startCli(['worker', '--queue', url, '--drain'], folder.path);
      const resumed = reportOf(
        await runCli([...args.slice(0, 5), '100', '--queue', url, '--resume', '--report', 'json'], folder.path),
      );
      expect(resumed.run).toMatchObject({ exitCode: 1, seed: 7 });
      expect((await worker.finished).code).toBe(0);
    },
    LONG,
  );

  it(
    'should be refused by a worker whose files are others, with both checksums',
    async () => {
      await using folder = await makeFolder(BAD_SET);
      await using other = await makeFolder();
      await cp(path.join(folder.path, 'migrations'), path.join(other.path, 'migrations'), { recursive: true });
      const changed = 'migrations/0002_email_index.up.sql';
      await appendFile(path.join(other.path, changed), '-- changed\n');
      const url = await server.makeDatabase();
      const submitter = startCli(
        [
          'fuzz',
          'migrations',
          '--dialect',
          'sqlite',
          '--cases-each',
          '5',
          '--seed',
          '7',
          '--queue',
          url,
          '--report',
          'json',
        ],
        folder.path,
      );
      await until(async () => (await ready(url)) > 0);
      const refused = await runCli(['worker', '--queue', url, '--drain'], other.path);
      expect(refused.code).toBe(2);
      expect(refused.err).toMatch(new RegExp(`${changed}: submitted [0-9a-f]{64}, here [0-9a-f]{64}`));
      await rename(path.join(other.path, 'migrations'), path.join(other.path, 'elsewhere'));
      await mkdir(path.join(other.path, 'empty'));
      const absent = await runCli(['worker', '--queue', url, '--drain'], other.path);
      expect(absent.code, absent.err).toBe(2);
      expect((await runCli(['worker', '--queue', url, '--drain'], folder.path)).code).toBe(0);
      expect(reportOf(await submitter.finished).run.exitCode).toBe(1);
    },
    LONG,
  );

  it('should be refused where its budget would depend on who is how fast', async () => {
    await using folder = await makeFolder(BAD_SET);
    for (const budget of [['--for', '1m'], ['--cases', '5'], []]) {
      const { code, err } = await runCli(
        ['fuzz', 'migrations', ...budget, '--queue', 'postgres://127.0.0.1:1/x'],
        folder.path,
      );
      expect({ code, err }).toMatchObject({ code: 2 });
      expect(err).toContain('--cases-each');
    }
  }, 60_000);

  it('should be told where the queue is not there, is of a later version, or was not named', async () => {
    await using folder = await makeFolder(BAD_SET);
    const gone = await runCli(
      ['worker', '--queue', 'postgres://postgres:s3cr3t@127.0.0.1:1/x', '--drain'],
      folder.path,
    );
    expect(gone.code).toBe(3);
    expect(gone.err).not.toContain('s3cr3t');
    const url = await server.makeDatabase();
    await ask(
      url,
      `CREATE SCHEMA palindrome_queue; CREATE TABLE palindrome_queue.queue AS SELECT 'palindrome-queue/2'::text AS format`,
    );
    const newer = await runCli(['worker', '--queue', url, '--drain'], folder.path);
    expect(newer).toMatchObject({ code: 2 });
    expect(newer.err).toContain('palindrome-queue/2');
    expect(await runCli(['worker'], folder.path)).toMatchObject({ code: 2 });
  }, 60_000);
});

async function ready(url: string): Promise<number> {
  return counted(url, 'SELECT count(*)::int AS n FROM palindrome_queue.campaigns WHERE is_ready');
}

async function inHand(url: string): Promise<number> {
  return counted(url, `SELECT count(*)::int AS n FROM palindrome_boss.job WHERE state = 'active'`);
}

/** None where the tables are not there yet. */
async function counted(url: string, query: string): Promise<number> {
  const rows = await ask(url, query).catch(() => []);
  return Number(rows[0]?.['n'] ?? 0);
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1_000; tries++) {
    if (await isSo()) return;
    await sleep(100);
  }
  throw new Error('it did not come to pass');
}
