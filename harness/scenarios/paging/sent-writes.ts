/** The steps of an interleaving as what each writer sends by itself: transactions, in its own order. */
import type { Interleaving, InterleavingStep } from '../../core/interleaving.ts';
import type { LaterWrite } from '../../core/later-write.ts';
import type { SentTransaction } from '../../core/session.ts';
import { writeOf } from './step-words.ts';

/**
 * How long a transaction that was begun stays open: longer than a page takes, so that others commit before it, and pages are turned
 * meanwhile.
 */
const LINGER_MS = 2;

/** What each writer sends; writers by name. A transaction that nothing ends is rolled back. */
export function sentWrites(
  { steps, isolation }: Interleaving,
  table: string,
): ReadonlyMap<string, readonly SentTransaction[]> {
  const writers = [...new Set(steps.filter(({ op }) => op !== 'page').map(({ session }) => session))];
  return new Map(
    writers.map((name) => [
      name,
      transactionsIn(steps.filter(({ session }) => session === name)).flatMap(([isBegun, own, ends]) => {
        const writes = own.flatMap((step) => writeOf(step, table) ?? []);
        return writes.length === 0 ? [] : [transactionOf(isBegun, writes, ends, isolation)];
      }),
    ]),
  );
}

function transactionOf(
  isBegun: boolean,
  writes: readonly LaterWrite[],
  ends: SentTransaction['ends'],
  isolation: SentTransaction['isolation'],
): SentTransaction {
  return isBegun
    ? { isolation, writes, lingerMs: LINGER_MS, ends }
    : { isolation: 'read-committed', writes, lingerMs: 0, ends };
}

type Own = readonly [isBegun: boolean, steps: readonly InterleavingStep[], ends: SentTransaction['ends']];

/** One session's steps, cut where its transactions end. */
export function transactionsIn(steps: readonly InterleavingStep[]): readonly Own[] {
  const found: Own[] = [];
  let open: InterleavingStep[] | null = null;
  for (const step of steps) {
    if (step.op === 'begin') open ??= [];
    else if (step.op === 'commit' || step.op === 'rollback') {
      if (open !== null) found.push([true, open, step.op]);
      open = null;
    } else if (open === null) found.push([false, [step], 'commit']);
    else open.push(step);
  }
  if (open !== null) found.push([true, open, 'rollback']);
  return found;
}
