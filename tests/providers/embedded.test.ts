import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { Client } from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { PalindromeError } from '../../harness/core/errors.ts';
import type { Server } from '../../harness/core/provider.ts';
import { platformPackage, publishBinaries } from '../../harness/providers/binaries.ts';
import { embeddedProvider } from '../../harness/providers/embedded.ts';
import { identify } from '../../harness/providers/owner.ts';
import { sweep } from '../../harness/providers/sweep.ts';
import {
  REQUEST,
  kill,
  leftoversOf,
  orphanedSegments,
  postmasterOf,
  startHolder,
  waitForNothing,
} from './fixtures/look.ts';

type PostgresServer = Server & { dialect: 'postgres' };

async function start(request = REQUEST): Promise<PostgresServer> {
  const server = await embeddedProvider.start(request);
  if (server.dialect !== 'postgres') throw new Error('not PostgreSQL');
  return server;
}

async function connect({
  host,
  port,
  user,
  database,
}: Pick<PostgresServer, 'host' | 'port' | 'user' | 'database'>): Promise<Client> {
  const client = new Client({ host, port, user, database });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function ask(server: Parameters<typeof connect>[0], sql: string): Promise<unknown[]> {
  const client = await connect(server);
  try {
    return (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

describe('the embedded provider', () => {
  it('should start the default major and leave nothing when disposed', async () => {
    const server = await start();
    expect(leftoversOf(server.host).length).toBeGreaterThan(3);
    expect(await ask(server, 'show server_version')).toEqual([expect.stringMatching(/^17\./)]);
    await server[Symbol.asyncDispose]();
    expect(leftoversOf(server.host)).toEqual([]);
  });

  it('should dispose of a server once, however often it is asked', async () => {
    const server = await start();
    await Promise.all([server[Symbol.asyncDispose](), server[Symbol.asyncDispose]()]);
    await server[Symbol.asyncDispose]();
    expect(leftoversOf(server.host)).toEqual([]);
  });

  it('should order text by code point, speak UTF-8, count time in UTC and give up durability', async () => {
    await using server = await start();
    expect(
      await ask(
        server,
        `select current_setting('server_encoding'), current_setting('timezone'), current_setting('fsync'), current_setting('wal_level'),
                'B' < 'a', upper('é'), (select datlocprovider::text || datlocale from pg_database where datname = 'template1')`,
      ),
    ).toEqual(['UTF8', 'UTC', 'off', 'logical', true, 'É', 'bC.UTF-8']);
  });

  it('should listen on no TCP port, in a folder that only its own account may enter', async () => {
    await using server = await start();
    expect(await ask(server, 'show listen_addresses')).toEqual(['']);
    expect(statSync(server.host).mode & 0o777).toBe(0o700);
    expect(lstatSync(`/proc/${postmasterOf(server.host)}`).uid).toBe(statSync(server.host).uid);
    expect(lstatSync(`/proc/${postmasterOf(server.host)}`).uid).not.toBe(0);
  });

  it('should keep two servers of one moment apart', async () => {
    await using first = await start();
    await using second = await start();
    expect(first.runId).not.toBe(second.runId);
    expect([first.isExclusive, second.isExclusive]).toEqual([true, true]);
    await ask(first, 'create table only_here ()');
    expect(await ask(second, `select to_regclass('only_here')`)).toEqual([null]);
  });

  it('should keep servers apart that start at the same time without a cached data folder', async () => {
    const cache = mkdtempSync(join(tmpdir(), 'palindrome-cache-'));
    try {
      execFileSync('chmod', ['755', cache]);
      const holders = await Promise.all([1, 2, 3].map(() => startHolder(['embedded'], { XDG_CACHE_HOME: cache })));
      expect(new Set(holders.map(({ runId }) => runId)).size).toBe(3);
      await Promise.all(holders.map(({ child }) => kill(child, 'SIGKILL')));
      expect(await waitForNothing(() => holders.flatMap(({ host }) => leftoversOf(host)), 5000)).toEqual([]);
      expect(readdirSync(join(cache, 'palindrome')).filter((name) => name.startsWith('partial-'))).toEqual([]);
      expect(readdirSync(join(cache, 'palindrome', 'data'))).toHaveLength(1);
    } finally {
      rmSync(cache, { recursive: true, force: true });
    }
  });

  it('should do without a cached data folder that is damaged, and cache another', async () => {
    const cache = mkdtempSync(join(tmpdir(), 'palindrome-cache-'));
    const env = { XDG_CACHE_HOME: cache };
    try {
      execFileSync('chmod', ['755', cache]);
      const first = await startHolder(['embedded'], env);
      const data = join(cache, 'palindrome', 'data');
      const [kept] = readdirSync(data);
      rmSync(join(data, kept!, 'global', 'pg_control'));
      const second = await startHolder(['embedded'], env);
      expect(await ask({ ...second, user: 'postgres', database: 'postgres' }, 'select 1')).toEqual([1]);
      expect(readdirSync(data)).toEqual([kept]);
      expect(existsSync(join(data, kept!, 'global', 'pg_control'))).toBe(true);
      await Promise.all([first, second].map(({ child }) => kill(child, 'SIGKILL')));
      expect(await waitForNothing(() => [first, second].flatMap(({ host }) => leftoversOf(host)), 5000)).toEqual([]);
    } finally {
      rmSync(cache, { recursive: true, force: true });
    }
  });

  it('should serve whoever is not root as themselves', async () => {
    const home = mkdtempSync(join(tmpdir(), 'palindrome-home-'));
    execFileSync('chmod', ['777', home]);
    const nobody = process.getuid?.() === 0 ? '65534' : String(process.getuid?.());
    try {
      const holder = await startHolder(['embedded', '', nobody], {
        HOME: home,
        XDG_CACHE_HOME: home,
        // Binaries of a private checkout are out of this account's reach: it fetches its own.
        npm_config_cache: join(home, 'npm'),
      });
      expect(String(lstatSync(`/proc/${postmasterOf(holder.host)}`).uid)).toBe(nobody);
      await kill(holder.child, 'SIGKILL');
      expect(await waitForNothing(() => leftoversOf(holder.host), 5000)).toEqual([]);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });

  it('should leave nothing of a server that was killed, not even a process that outlived it', async () => {
    const server = await start();
    const segmentsBefore = orphanedSegments();
    const client = await connect(server);
    // A backend that computes does not notice that its postmaster is gone.
    const query = client.query(`do $$ begin for i in 1..2000000000 loop end loop; end $$`).catch(() => undefined);
    await ask(server, 'select 1');
    process.kill(postmasterOf(server.host), 'SIGKILL');
    await server[Symbol.asyncDispose]();
    expect(leftoversOf(server.host)).toEqual([]);
    expect(orphanedSegments()).toEqual(segmentsBefore);
    await query;
    await client.end().catch(() => undefined);
  });

  it('should leave a server up that is to be kept, until its own end', async () => {
    const server = await start({ ...REQUEST, keep: true });
    await server[Symbol.asyncDispose]();
    const postmaster = postmasterOf(server.host);
    expect((await sweep()).removed).not.toContain(server.runId);
    expect(await ask(server, 'select 42')).toEqual([42]);
    process.kill(postmaster, 'SIGQUIT');
    while ((await identify(postmaster)) !== null) await new Promise((resolve) => setTimeout(resolve, 20));
    await sweep();
    expect(await waitForNothing(() => leftoversOf(server.host), 5000)).toEqual([]);
  });

  it('should serve another major on request', async () => {
    await using server = await start({ ...REQUEST, postgres: '15' });
    expect(await ask(server, 'show server_version')).toEqual([expect.stringMatching(/^15\./)]);
  });

  it('should refuse a major that it does not offer', async () => {
    const failure = await embeddedProvider.start({ ...REQUEST, postgres: '9.6' }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PalindromeError);
    expect(failure).toMatchObject({
      code: 'postgres-unsupported',
      kind: 'usage',
      hint: expect.stringContaining('14, 15, 16, 17, 18'),
    });
    expect(await embeddedProvider.probe({ ...REQUEST, postgres: '9.6' })).toMatchObject({ works: false });
  });

  it('should say which version its probe found, and leave nothing behind', async () => {
    expect(await embeddedProvider.probe(REQUEST)).toEqual({
      works: true,
      detail: expect.stringMatching(/^PostgreSQL 17\.\d+/),
    });
  });
});

describe('the binaries', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'palindrome-binaries-'));
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  it('should work where npm ran no install script', async () => {
    const packaged = join(dirname(dirname(createRequire(import.meta.url).resolve(platformPackage()!))), 'native');
    const native = join(scratch, 'native');
    cpSync(packaged, native, { recursive: true, verbatimSymlinks: true });
    const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { target: string }[];
    expect(links.length).toBeGreaterThan(0);
    for (const { target } of links) unlinkSync(join(scratch, target));
    expect(() => execFileSync(join(native, 'bin', 'postgres'), ['--version'], { stdio: 'pipe' })).toThrow(
      /error while loading shared libraries/,
    );
    await publishBinaries(native, join(scratch, 'ready'), join(scratch, 'published'));
    expect(execFileSync(join(scratch, 'published', 'bin', 'postgres'), ['--version'], { encoding: 'utf8' })).toContain(
      'PostgreSQL',
    );
  });
});
