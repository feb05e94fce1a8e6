/**
 * With PALINDROME_REQUIRE_CONTAINER=1 a container engine must answer and have PALINDROME_TEST_IMAGE (or the default image).
 * Without it, a machine that has no engine shows that the provider says so.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import type { ServerRequest } from '../../harness/core/provider.ts';
import { containerProvider } from '../../harness/providers/container.ts';
import {
  REQUEST,
  containersNamed,
  kill,
  leaseOf,
  spawnHolder,
  startHolder,
  waitForNothing,
  watchdogOf,
} from './fixtures/look.ts';
import { makeRunId, removeLeased } from '../../harness/providers/lease.ts';
import { identify } from '../../harness/providers/owner.ts';
import { sweep } from '../../harness/providers/sweep.ts';

const image = process.env['PALINDROME_TEST_IMAGE'] ?? null;
const request: ServerRequest = { ...REQUEST, image };
const probe = await containerProvider.probe(request);
const isRequired = process.env['PALINDROME_REQUIRE_CONTAINER'] === '1';
/** A container that was not seen is looked for again for some seconds. */
const LIMIT_MS = 15_000;

describe('the probe of the container provider', () => {
  it('should find what is required, or give a reason and a remedy', () => {
    const found = { works: true, detail: expect.stringContaining(image ?? 'postgres:17-alpine') as string };
    const missing = {
      works: false,
      reason: expect.stringMatching(/engine|image/) as string,
      remedy: expect.stringContaining('--provider embedded') as string,
    };
    expect(probe).toEqual(isRequired || probe.works ? found : missing);
  });

  it('should not find an image that does not exist, quickly', async () => {
    const before = performance.now();
    expect(await containerProvider.probe({ ...REQUEST, image: 'nowhere.invalid/nothing:0' })).toMatchObject({
      works: false,
      remedy: expect.stringContaining('--provider embedded'),
    });
    expect(performance.now() - before).toBeLessThan(12_000);
  });

  it('should start nothing from an image that does not exist', async () => {
    await expect(containerProvider.start({ ...REQUEST, image: 'nowhere.invalid/nothing:0' })).rejects.toMatchObject({
      code: expect.stringMatching(/^(image-not-found|no-container-engine)$/),
      kind: 'environment',
    });
  });
});

const images = isRequired || probe.works ? [image ?? 'postgres:17-alpine'] : [];
describe.each(images)('the container provider with %s', () => {
  it('should start a server and leave nothing when disposed', async () => {
    const volumesBefore = volumes();
    const server = await containerProvider.start(request);
    if (server.dialect !== 'postgres') throw new Error('not PostgreSQL');
    const { host, port, user, password, database, runId } = server;
    expect(containersNamed(runId)).toEqual([`palindrome-${runId}`]);
    const client = new Client({ host, port, user, password, database });
    await client.connect();
    const { rows } = await client.query<unknown[]>({
      text: `select current_setting('fsync'), current_setting('wal_level'), current_setting('timezone'), 'B' < 'a', upper('é'), current_user`,
      rowMode: 'array',
    });
    expect(rows).toEqual([['off', 'logical', 'UTC', true, 'É', 'postgres']]);
    await client.end();
    await server[Symbol.asyncDispose]();
    expect(await waitForNothing(() => containersNamed(runId), LIMIT_MS)).toEqual([]);
    expect(volumes()).toEqual(volumesBefore);
  });

  it('should leave nothing of a container that was removed by somebody else', async () => {
    const server = await containerProvider.start(request);
    execFileSync('docker', ['rm', '-f', '-v', `palindrome-${server.runId}`]);
    await server[Symbol.asyncDispose]();
    expect((await sweep()).spared).not.toContain(server.runId);
  });

  it.each(['SIGKILL', 'SIGINT'] as const)('should leave nothing after %s', async (signal) => {
    const holder = await startHolder(['container', image ?? '']);
    expect(containersNamed(holder.runId)).toHaveLength(1);
    await kill(holder.child, signal);
    expect(await waitForNothing(() => containersNamed(holder.runId), LIMIT_MS)).toEqual([]);
  });

  it('should leave nothing when killed at any moment of its start', async () => {
    for (const wait of [0, 40, 80, 160, 320, 640]) {
      const child = spawnHolder(['container', image ?? '']);
      const lease = await leaseOf(child);
      await sleep(wait);
      await kill(child, 'SIGKILL');
      const runId = basename(lease, '.lease');
      expect(await waitForNothing(() => (existsSync(lease) ? [lease] : []), LIMIT_MS)).toEqual([]);
      expect(containersNamed(runId), `killed ${wait} ms after the lease`).toEqual([]);
    }
  });

  it('should leave nothing of a container that a busy engine makes long after the harness was killed', async () => {
    const root = mkdtempSync(join(tmpdir(), 'palindrome-late-'));
    try {
      const runId = makeRunId();
      const name = `palindrome-${runId}`;
      const owner = (await identify(process.pid))!;
      const terms = {
        format: 'palindrome-lease/1',
        runId,
        owner,
        folders: [],
        container: { name, engine: null },
      } as const;
      const removed = removeLeased(root, terms);
      await sleep(2500);
      execFileSync('docker', ['create', '--name', name, image ?? 'postgres:17-alpine']);
      expect(await removed).toBe(true);
      expect(containersNamed(name)).toEqual([]);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });

  it('should be cleaned up after by the next start, whatever its provider, when the watchdog was killed too', async () => {
    const holder = await startHolder(['container', image ?? '']);
    process.kill(watchdogOf(`palindrome-${holder.runId}`), 'SIGKILL');
    await kill(holder.child, 'SIGKILL');
    expect(watchdogOf(`palindrome-${holder.runId}`)).toBeNaN();
    await sweep();
    expect(await waitForNothing(() => containersNamed(holder.runId), LIMIT_MS)).toEqual([]);
  });

  it('should say so when the image is no PostgreSQL image', async () => {
    const tag = 'palindrome-test-empty:1';
    execFileSync('docker', ['import', '--change', 'CMD ["/nothing"]', '-', tag], { input: Buffer.alloc(1024) });
    try {
      await expect(containerProvider.start({ ...REQUEST, image: tag })).rejects.toMatchObject({
        code: 'container-not-started',
        kind: 'environment',
      });
    } finally {
      execFileSync('docker', ['rmi', '-f', tag]);
    }
  });
});

function volumes(): string {
  return execFileSync('docker', ['volume', 'ls', '-q'], { encoding: 'utf8' });
}
