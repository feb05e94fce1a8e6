/**
 * One runner at a time, by advisory locks: they belong to a session, so a runner that is killed leaves none behind.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { PalindromeError } from '../../core/errors.ts';
import { sha256 } from '../../core/hash.ts';
import type { LockRequest } from '../../core/live.ts';
import { queryRows } from './connection.ts';

const ASK_AGAIN_MS = 250;

export interface LockKeys {
  /** Held by the runner. */
  readonly runner: string;
  /** Shared by the sessions in which scripts run: they outlive a killed runner until their statement ends. */
  readonly scripts: string;
}

/** 64-bit keys for a ledger. Advisory locks belong to one database, so its name is not part of them. */
export function lockKeys(ledger: string): LockKeys {
  const key = (role: string) =>
    BigInt.asIntN(64, BigInt(`0x${sha256(`palindrome ${role} ${ledger}`).slice(0, 16)}`)).toString();
  return { runner: key('runner'), scripts: key('scripts') };
}

/**
 * Takes the runner's lock and waits until no script of an earlier runner is still at work. It asks again and again rather than block:
 * a session that waits inside a statement keeps a snapshot, and `CREATE INDEX CONCURRENTLY` of the other runner would wait for that.
 * Throws `lock-timeout` or `interrupted`.
 */
export async function awaitLock(client: Client, keys: LockKeys, address: string, request: LockRequest): Promise<void> {
  const deadline = performance.now() + request.timeoutMs;
  let hasTold = false;
  for (const key of [keys.runner, keys.scripts]) {
    while (!(await tryLock(client, key))) {
      if (!hasTold) request.onWait();
      hasTold = true;
      if (request.signal.aborted)
        throw new PalindromeError('interrupted', 'Stopped while waiting for another runner.', { kind: 'environment' });
      if (performance.now() >= deadline)
        throw new PalindromeError(
          'lock-timeout',
          `Another runner has worked on ${address} for longer than ${Math.round(request.timeoutMs / 1000)} s.`,
          { kind: 'environment', hint: 'Wait for it to end, or give --lock-timeout.' },
        );
      await sleep(ASK_AGAIN_MS);
    }
  }
  await client.query(`SELECT pg_advisory_unlock(${keys.scripts})`);
}

/** Says of a session that a script runs in it. Where the server can, it ends the session's statement when the runner is gone. */
export async function markSession(client: Client, keys: LockKeys): Promise<void> {
  await client.query(`SELECT pg_advisory_lock_shared(${keys.scripts})`);
  // Servers on some platforms cannot watch their clients, and refuse the setting.
  await client.query(`SET client_connection_check_interval = '1s'`).catch(() => undefined);
}

async function tryLock(client: Client, key: string): Promise<boolean> {
  const [row] = await queryRows(client, `SELECT pg_try_advisory_lock(${key})`);
  return row?.[0] === 't';
}
