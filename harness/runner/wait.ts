/**
 * Waiting for a database that is not up yet.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, PalindromeError } from '../core/errors.ts';

export interface WaitPolicy {
  /** How often to try, the first time included. */
  readonly tries: number;
  readonly delayMs: number;
  readonly signal: AbortSignal;
  /** Called before each delay. */
  readonly onWait: (tried: number, reason: string) => void;
}

/**
 * Opens something, again and again while it throws `database-unreachable`. What waiting does not change (a wrong password, a database that
 * does not exist) is thrown at once. Throws `wait-exhausted` with the number of tries and the last reason.
 */
export async function openWhenReady<T>(open: () => Promise<T>, policy: WaitPolicy): Promise<T> {
  const startedAt = performance.now();
  for (let tried = 1; ; tried++) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof PalindromeError) || error.code !== 'database-unreachable') throw error;
      if (policy.tries === 1) throw error;
      if (tried >= policy.tries) throw exhausted(tried, performance.now() - startedAt, error);
      policy.onWait(tried, messageOf(error));
    }
    await sleep(policy.delayMs, undefined, { signal: policy.signal }).catch(() => undefined);
    if (policy.signal.aborted)
      throw new PalindromeError('interrupted', `Stopped while waiting for the database, after ${tried} tries.`, {
        kind: 'environment',
      });
  }
}

function exhausted(tried: number, elapsedMs: number, last: PalindromeError): PalindromeError {
  return new PalindromeError(
    'wait-exhausted',
    `The database did not come: tried ${tried} times in ${(elapsedMs / 1000).toFixed(1)} s. ${last.message}`,
    {
      kind: 'environment',
      hint: 'Start it, correct the address, or wait longer: --wait-tries, --wait-delay.',
      cause: last,
    },
  );
}
