/**
 * Where a database stands, without changing it.
 */
import { PalindromeError } from '../core/errors.ts';
import { refuseDisagreement } from './refuse.ts';
import { compareWithLedger } from './standing.ts';
import type { Standing } from './standing.ts';
import type { RunnerContext } from './types.ts';

export interface StatusReport {
  readonly standing: Standing;
  /** Why `up` would be refused; null: it would not. */
  readonly refusal: PalindromeError | null;
}

/** Reads the ledger and compares it with the set. */
export async function readStatus({ set, live }: Pick<RunnerContext, 'set' | 'live'>): Promise<StatusReport> {
  const standing = compareWithLedger(set, await live.readLedger());
  try {
    refuseDisagreement(standing, 'up', new Set(), new Set());
    return { standing, refusal: null };
  } catch (thrown) {
    if (!(thrown instanceof PalindromeError)) throw thrown;
    return { standing, refusal: thrown };
  }
}
