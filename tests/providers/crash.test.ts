import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { embeddedProvider } from '../../harness/providers/embedded.ts';
import { sweep } from '../../harness/providers/sweep.ts';
import type { Holder } from './fixtures/look.ts';
import {
  REQUEST,
  kill,
  leaseOf,
  leftoversOf,
  orphanedSegments,
  postmasterOf,
  spawnHolder,
  startHolder,
  waitForNothing,
  watchdogOf,
} from './fixtures/look.ts';

/** The harness promises two seconds; a busy machine gets five. */
const LIMIT_MS = 5000;

async function endBy(holder: Holder, command: string): Promise<void> {
  const exit = once(holder.child, 'exit');
  holder.child.stdin?.write(`${command}\n`);
  await exit;
}

describe('a harness that ends while its server runs', () => {
  it.each(['SIGKILL', 'SIGINT', 'SIGTERM', 'SIGHUP', 'SIGABRT'] as const)(
    'should leave nothing after %s',
    async (signal) => {
      const holder = await startHolder(['embedded']);
      const segmentsBefore = orphanedSegments();
      expect(leftoversOf(holder.host).length).toBeGreaterThan(3);
      await kill(holder.child, signal);
      expect(await waitForNothing(() => leftoversOf(holder.host), LIMIT_MS)).toEqual([]);
      expect(orphanedSegments()).toEqual(segmentsBefore);
    },
  );

  it.each(['throw', 'exit', 'dispose'])('should leave nothing after %s', async (command) => {
    const holder = await startHolder(['embedded']);
    await endBy(holder, command);
    expect(await waitForNothing(() => leftoversOf(holder.host), LIMIT_MS)).toEqual([]);
  });

  it('should leave nothing when the server was killed first', async () => {
    const holder = await startHolder(['embedded']);
    const segmentsBefore = orphanedSegments();
    process.kill(postmasterOf(holder.host), 'SIGKILL');
    await kill(holder.child, 'SIGKILL');
    expect(await waitForNothing(() => leftoversOf(holder.host), LIMIT_MS)).toEqual([]);
    expect(orphanedSegments()).toEqual(segmentsBefore);
  });

  it('should leave nothing of a SQLite folder', async () => {
    const holder = await startHolder(['sqlite']);
    expect(existsSync(holder.folder!)).toBe(true);
    await kill(holder.child, 'SIGKILL');
    expect(await waitForNothing(() => leftoversOf(holder.folder!), LIMIT_MS)).toEqual([]);
  });

  it('should leave nothing when killed at any moment of its start', async () => {
    for (let wait = 0; wait <= 120; wait += 15) {
      const child = spawnHolder(['embedded']);
      const lease = await leaseOf(child);
      await sleep(wait);
      await kill(child, 'SIGKILL');
      const folder = lease.slice(0, -'.lease'.length);
      expect(await waitForNothing(() => leftoversOf(folder), LIMIT_MS), `killed ${wait} ms after the lease`).toEqual(
        [],
      );
    }
  });
});

describe('a harness that is killed during its first start on a machine', () => {
  it('should leave nothing, neither in the folder of the run nor in the cache', async () => {
    const cache = mkdtempSync(join(tmpdir(), 'palindrome-cache-'));
    try {
      chmodSync(cache, 0o755);
      for (let wait = 50; wait <= 1050; wait += 200) {
        const child = spawnHolder(['embedded'], { XDG_CACHE_HOME: cache });
        const lease = await leaseOf(child);
        await sleep(wait);
        await kill(child, 'SIGKILL');
        const folder = lease.slice(0, -'.lease'.length);
        expect(await waitForNothing(() => leftoversOf(folder), LIMIT_MS), `killed ${wait} ms after the lease`).toEqual(
          [],
        );
        expect(existsSync(join(cache, 'palindrome', `partial-${basename(folder)}`))).toBe(false);
        rmSync(join(cache, 'palindrome'), { recursive: true, force: true });
      }
    } finally {
      rmSync(cache, { recursive: true, force: true });
    }
  });
});

describe('a harness whose watchdog was killed as well', () => {
  it('should be cleaned up after by the next start, which spares the living', async () => {
    const living = await startHolder(['embedded']);
    const dead = await startHolder(['embedded']);
    process.kill(watchdogOf(dead.host), 'SIGKILL');
    await kill(dead.child, 'SIGKILL');
    expect(watchdogOf(dead.host)).toBeNaN();

    // Any run on this machine may be the next one: those of other tests sweep as well.
    const next = await embeddedProvider.start(REQUEST);
    expect(await waitForNothing(() => leftoversOf(dead.host), LIMIT_MS)).toEqual([]);
    expect(existsSync(join(living.host, 'data', 'postmaster.pid'))).toBe(true);
    expect((await sweep()).spared).toEqual(expect.arrayContaining([living.runId, next.runId]));
    await next[Symbol.asyncDispose]();
    await endBy(living, 'dispose');
    expect(await waitForNothing(() => leftoversOf(living.host), LIMIT_MS)).toEqual([]);
  });
});
