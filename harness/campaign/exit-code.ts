/** The exit code of a run, from what its report says. */
import type { ReportSet } from '../core/report.ts';

/** `budget`: the time or the cases that were given are used up; it says which. */
export type StopReason = 'finished' | 'interrupted' | { readonly budget: string } | { readonly failure: string };

/**
 * 130 interrupted · 3 the environment failed · 1 falsified · 4 inconclusive, or nothing judged · 0 everything judged held,
 * failures that a waiver or the baseline accepts aside.
 * Never 0 when no case ran.
 */
export function exitCodeOf(sets: readonly ReportSet[], stopped: StopReason): number {
  if (stopped === 'interrupted') return 130;
  if (typeof stopped === 'object' && 'failure' in stopped) return 3;
  const results = sets.flatMap((set) => set.migrations.flatMap((migration) => migration.results));
  if (results.some(({ verdict, accepted }) => verdict === 'falsified' && accepted === null)) return 1;
  if (results.some(({ verdict }) => verdict === 'inconclusive')) return 4;
  return results.some(({ verdict }) => verdict === 'held' || verdict === 'falsified') ? 0 : 4;
}
