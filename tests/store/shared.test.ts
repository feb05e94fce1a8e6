/** What a store promises, wherever it is; and what is so only of one that machines share. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSharedSession } from '../../harness/cli/shared-session.ts';
import type { JournalStart } from '../../harness/core/fuzz-journal.ts';
import { runCli, BAD_SET, FAST, makeFolder, startCli } from '../cli/run-cli.ts';
import { KINDS, type SharedServer, startSharedServer } from './places.ts';
import { makeExample, sampleRun as run } from './sample.ts';

const start: JournalStart = {
  type: 'started',
  format: 'palindrome-fuzz/1',
  id: 'campaign1',
  at: '2026-01-01T00:00:00.000Z',
  tool: '0.1.0',
  seed: 7,
  sets: ['m'],
  only: null,
  properties: null,
  budget: { ms: 1000, cases: null },
};

/** One is enough to see that what was found is found again. */
const PROPERTY = ['--property', 'rollback-restores'];

let server: SharedServer;
beforeAll(async () => {
  server = await startSharedServer();
}, 120_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

describe.each(KINDS)('a store in a %s', (kind) => {
  it('should be empty before the first write, and read without writing', async () => {
    await using bench = await server.bench(kind);
    await using store = await bench.open();
    expect(await store.list()).toEqual([]);
    expect(await store.loadAll()).toEqual([]);
    expect((await store.readHistory()).runs).toEqual([]);
    expect((await store.readJudged()).size).toBe(0);
    expect(await store.findUnfinished(['m'])).toBeNull();
    await store.remove('nothing');
    const made = kind === 'postgres' ? await bench.sql(`SELECT FROM pg_namespace WHERE nspname = 'palindrome'`) : [];
    expect(made).toEqual([]);
  });

  it('should give back what was saved, by id and by a prefix that names one', async () => {
    await using bench = await server.bench(kind);
    await using store = await bench.open();
    const [one, two] = [makeExample('a'), makeExample('b')];
    for (const example of [one, two]) await store.save(example, 'SELECT 1;');
    expect(await store.list()).toEqual([one.id, two.id].toSorted());
    expect((await store.load(one.id)).example).toEqual(one);
    expect((await store.load(one.id.slice(0, 9))).example).toEqual(one);
    await expect(store.load('')).rejects.toMatchObject({ code: 'counterexample-not-found' });
    await expect(store.load('zzzzzzzzzz')).rejects.toThrow('nothing starts with it');
    expect((await store.loadAll()).map(({ example }) => example?.id)).toEqual([one.id, two.id].toSorted());
    await store.remove(one.id);
    expect(await store.list()).toEqual([two.id]);
  });

  it('should keep everything that many openings write at once, whole and once', async () => {
    await using bench = await server.bench(kind);
    const example = makeExample('x'.repeat(50_000));
    await Promise.all(
      Array.from({ length: 12 }, async (_, at) => {
        await using store = await bench.open();
        await store.save(example, 'SELECT 1;');
        await store.addRun({ ...run, id: `run-${at}` });
        await store.writeJudged(
          new Map([
            ['shared', 'same'],
            [`unit-${at}`, String(at)],
          ] as [string, string][]),
        );
      }),
    );
    await using store = await bench.open();
    expect(await store.list()).toEqual([example.id]);
    expect((await store.load(example.id)).example).toEqual(example);
    expect(new Set((await store.readHistory()).runs.map(({ id }) => id)).size).toBe(12);
    expect((await store.readPastRuns(5)).length).toBe(5);
    // A folder's checksums are a hint that the last writer may take from the one before it.
    expect((await store.readJudged()).get('shared')).toBe('same');
    expect((await store.readJudged()).size).toBeGreaterThanOrEqual(kind === 'postgres' ? 13 : 2);
  });

  it('should find a campaign that ended half-way, and none that is running or reached its end', async () => {
    await using bench = await server.bench(kind);
    await using store = await bench.open();
    const stands = {
      type: 'stands',
      round: 1,
      cases: 8,
      spentMs: 5,
      spent: { generating: 1, loading: 1, migrating: 1, checking: 1 },
      canary: { judged: 1, falsified: 1 },
    } as const;
    {
      await using journal = await store.openJournal(start.id);
      await journal.write(start);
      await journal.write(stands);
      await using other = await bench.open();
      expect(await other.findUnfinished(['m'])).toBeNull();
      await expect(other.openJournal(start.id)).rejects.toMatchObject({ code: 'campaign-running' });
    }
    expect(await store.findUnfinished(['m'])).toMatchObject({ start, stands });
    expect(await store.findUnfinished(['other'])).toBeNull();
    await using again = await store.openJournal(start.id);
    await again.write({ ...stands, round: 2 });
    await again.finish();
    expect(await store.findUnfinished(['m'])).toBeNull();
  });

  it('should compare runs, run stored cases first and replay, as the command line uses it', async () => {
    await using bench = await server.bench(kind);
    await using folder = await makeFolder(BAD_SET);
    const where = ['--store', bench.url ?? bench.folder];
    const first = await runCli(['verify', 'migrations', ...FAST, ...PROPERTY, ...where], folder.path);
    expect(first.code, first.err).toBe(1);
    const id = /replay ([0-9a-z]{10})/u.exec(first.out)?.[1] ?? '';
    await using store = await bench.open();
    expect(await store.list()).toContain(id);
    const second = await runCli(
      ['verify', 'migrations', ...FAST, ...PROPERTY, ...where, '--report', 'json'],
      folder.path,
    );
    const report = JSON.parse(second.out) as { comparison: { failures: readonly { status: string }[] } };
    expect(new Set(report.comparison.failures.map(({ status }) => status))).toEqual(new Set(['known']));
    expect((await store.readHistory()).runs.length).toBe(2);
    expect((await runCli(['replay', id, ...where], folder.path)).code).toBe(1);
    const said = [first.out, first.err, second.out, second.err].join('\n');
    expect(said).not.toContain('s3cr3t');
    expect(said).toContain(`replay ${id} --store`);
  }, 240_000);
});

describe('a store in a database', () => {
  it.each([`'palindrome-store/2'`, `'palindrome-store/17'`])(
    'should be refused where it says %s, and stay as it is',
    async (format) => {
      await using bench = await server.bench('postgres');
      await bench.sql(`CREATE SCHEMA palindrome; CREATE TABLE palindrome.store AS SELECT ${format}::text AS format`);
      await using store = await bench.open();
      const uses = [
        () => store.list(),
        () => store.load('abc'),
        () => store.save(makeExample(), ''),
        () => store.remove('abc'),
        () => store.readHistory(),
        () => store.addRun(run),
        () => store.readJudged(),
        () => store.writeJudged(new Map()),
        () => store.openJournal('abc'),
        () => store.findUnfinished(['m']),
      ];
      for (const use of uses) await expect(use()).rejects.toMatchObject({ code: 'store-newer', kind: 'usage' });
      expect(await bench.sql(`SELECT relname FROM pg_class WHERE relnamespace = 'palindrome'::regnamespace`)).toEqual([
        { relname: 'store' },
      ]);
    },
  );

  it('should be refused where the schema holds other things', async () => {
    await using bench = await server.bench('postgres');
    await bench.sql('CREATE SCHEMA palindrome; CREATE TABLE palindrome.users (id int)');
    await using store = await bench.open();
    await expect(store.save(makeExample(), '')).rejects.toMatchObject({ code: 'store-invalid', kind: 'usage' });
  });

  it('should be several in one database, each in the schema that its URL names', async () => {
    await using bench = await server.bench('postgres');
    const { openStoreOf } = await import('../../harness/cli/open-store-of.ts');
    const place = { folder: bench.folder, shownAs: '.palindrome' };
    const url = bench.url ?? '';
    await using shop = await openStoreOf({ ...place, url: `${url}${url.includes('?') ? '&' : '?'}schema=shop` });
    await shop.save(makeExample(), '');
    await using store = await bench.open();
    expect(await store.list()).toEqual([]);
    expect(shop.shownAs).toContain('schema=shop');
    await expect(openStoreOf({ ...place, url: `${url}?schema=public` })).rejects.toMatchObject({
      code: 'store-url-invalid',
    });
  });

  it('should go on after its sessions were ended, and keep its lock', async () => {
    await using bench = await server.bench('postgres');
    await using store = await bench.open();
    await using journal = await store.openJournal(start.id);
    await journal.write(start);
    const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'palindrome store'`;
    await bench.sql(end);
    await journal.write({
      ...start,
      type: 'stands',
      round: 1,
      cases: 1,
      spentMs: 1,
      spent: { generating: 0, loading: 0, migrating: 0, checking: 0 },
      canary: { judged: 0, falsified: 0 },
    });
    await using other = await bench.open();
    await expect(other.openJournal(start.id)).rejects.toMatchObject({ code: 'campaign-running' });
    expect(await bench.sql('SELECT number::int FROM palindrome.journals ORDER BY 1')).toEqual([
      { number: 1 },
      { number: 2 },
    ]);
  });

  it('should be told as lost after a bounded wait where nothing answers', async () => {
    const url = await server.makeDatabase();
    await using session = await openSharedSession({ url, purpose: 'store', patienceMs: 500 });
    const name = new URL(url.replace('postgres://postgres:s3cr3t@/', 'postgres://x/')).pathname.slice(1);
    const admin = url.replace(name, 'postgres');
    const { ask } = await import('./places.ts');
    await ask(admin, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await ask(admin, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
    await expect(session.ask('SELECT 1')).rejects.toMatchObject({ kind: 'environment' });
  });

  it('should be gone on with by --resume after its process was killed', async () => {
    await using bench = await server.bench('postgres');
    await using folder = await makeFolder(BAD_SET);
    const where = ['--store', bench.url ?? ''];
    const args = ['fuzz', 'migrations', '--dialect', 'sqlite', '--seed', '7', ...where];
    const { child, finished } = startCli([...args, '--for', '10m'], folder.path);
    await until(
      async () => (await bench.sql(`SELECT to_regclass('palindrome.journals') AS there`))[0]?.['there'] !== null,
    );
    await until(async () => (await bench.sql(`SELECT FROM palindrome.journals`)).length > 4);
    child.kill('SIGKILL');
    await finished;
    const resumed = await runCli([...args, '--resume', '--cases', '30', '--report', 'json'], folder.path);
    expect(resumed.code, resumed.err).toBe(1);
    expect(JSON.parse(resumed.out)).toMatchObject({ fuzz: { resumed: 1 } });
    expect(await bench.sql('SELECT FROM palindrome.journals')).toEqual([]);
  }, 240_000);
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('it did not come to pass within a minute');
}
