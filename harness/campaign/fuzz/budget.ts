/** How a campaign's time and cases are shared out. */
import type { StopReason } from '../exit-code.ts';
import type { CampaignPlan } from '../plan.ts';
import type { FuzzPlan } from './fuzz-plan.ts';
import type { Unit } from './unit.ts';

/** Cases of a visit. */
export const CASES = 16;
/** Of the turns of a first look against the clock: few at first, so that everything is seen early, then more where there is time. */
const TIMED_LOOKS: readonly number[] = [3, 5, 8];
const LOOKS: readonly number[] = [CASES];
/** The turns after the first begin nothing after this share of the time: what was found is to be reduced in the rest. */
const LOOK_SHARE = 0.65;
/** A scenario of a visit begins no case after this share of the time, nor after the longest time, so that slow ones leave some for the others. */
const SLICE_SHARE = 0.1;
const LEAST_SLICE_MS = 3_000;
const MOST_SLICE_MS = 60_000;
/** A scenario of a first look may take twice its share of what is left: most take less. */
const MOST_SHARES = 2;
const LEAST_LOOK_MS = 1_000;

/** A campaign as far as its budget goes. */
export interface Clocked {
  readonly given: FuzzPlan;
  readonly plan: CampaignPlan;
  readonly startedMs: number;
  readonly deadline: AbortController;
  readonly cases: number;
}

/** Cases of each turn of the first look. Without a clock there is one: the same cases give the same campaign. */
export function looksOf({ given: { budget } }: Clocked): readonly number[] {
  return budget.ms === null ? LOOKS : TIMED_LOOKS;
}

/** Whether a further turn of the first look would take the time in which failures are reduced. */
export function isLookOver(clocked: Clocked): boolean {
  const { budget } = clocked.given;
  return whyEnded(clocked) !== null || (budget.ms !== null && spentOf(clocked) > budget.ms * LOOK_SHARE);
}

/** What is left of the cases of a unit. One whose visits run no case has had its turns. */
export function casesLeft({ given: { budget } }: Clocked, { cases, granted }: Unit): number {
  return budget.each === undefined ? Infinity : budget.each - Math.max(cases, granted);
}

/** Milliseconds of a scenario of a visit. `waiting`: visits that are left of this turn of the first look, this one included; null: it is over. */
export function sliceOf(clocked: Clocked, waiting: number | null): number {
  const { budget } = clocked.given;
  if (budget.ms === null) return Infinity;
  const slice = Math.min(MOST_SLICE_MS, Math.max(LEAST_SLICE_MS, budget.ms * SLICE_SHARE));
  if (waiting === null) return slice;
  const left = budget.ms * LOOK_SHARE - spentOf(clocked);
  return Math.min(slice, Math.max(LEAST_LOOK_MS, (MOST_SHARES * left) / waiting));
}

/** How much of the budget is used up, 0 to 1. */
export function shareOf(clocked: Clocked): number {
  const {
    given: { budget },
    cases,
  } = clocked;
  return Math.min(
    1,
    Math.max(budget.ms === null ? 0 : spentOf(clocked) / budget.ms, budget.cases === null ? 0 : cases / budget.cases),
  );
}

/** Why nothing more is begun; null: there is time. */
export function whyEnded({ plan, given: { budget }, cases, deadline }: Clocked): StopReason | null {
  if (deadline.signal.aborted) return { budget: `the time of ${describeTime(budget.ms ?? 0)} was used up` };
  if (plan.signal.aborted) return 'interrupted';
  if (budget.cases !== null && cases >= budget.cases) return { budget: `the ${budget.cases} cases were used up` };
  return null;
}

/** Milliseconds, those of an earlier process included. */
function spentOf({ given: { resumed }, startedMs }: Clocked): number {
  return Date.now() - startedMs + (resumed?.stands?.spentMs ?? 0);
}

function describeTime(ms: number): string {
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000}h`;
  if (ms % 60_000 === 0) return `${ms / 60_000}m`;
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
