/** The exit code of a run, from what its report says. */
import type { ReportSet } from '../core/report.ts';

export type StopReason = 'finished' | 'interrupted' | { readonly failure: string };

/**
 * 130 interrupted · 3 the environment failed · 1 falsified · 4 inconclusive, or nothing judged · 0 everything judged held.
 * Never 0 when no case ran.
 */
export function exitCodeOf(sets: readonly ReportSet[], stopped: StopReason): number {
  if (stopped === 'interrupted') return 130;
  if (stopped !== 'finished') return 3;
  const verdicts = new Set(
    sets.flatMap((set) => set.migrations.flatMap(({ results }) => results.map(({ verdict }) => verdict))),
  );
  if (verdicts.has('falsified')) return 1;
  if (verdicts.has('inconclusive')) return 4;
  return verdicts.has('held') ? 0 : 4;
}
