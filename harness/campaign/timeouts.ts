/**
 * Scripts that do not end. Waiting for one costs its whole time limit, so a search that meets them again and again is given up:
 * they would fill a run's hours and teach nothing new.
 */
import type { Trace } from '../core/trace.ts';

const CASES_BEFORE_GIVING_UP = 2;

/** Why a search goes no further; null: it does. */
export function whyGiveUp(casesThatTimedOut: number): string | null {
  return casesThatTimedOut < CASES_BEFORE_GIVING_UP
    ? null
    : `a script ran into its time limit in ${casesThatTimedOut} cases, so the search was cut short`;
}

/** Whether a script of these traces did not end in time. */
export function hasTimedOut(traces: readonly Trace[]): boolean {
  return traces.some(({ moments }) => moments.some(({ step }) => step?.outcome.status === 'timed-out'));
}
