/**
 * What a campaign has learned about one property of one migration, and the verdict that follows from it.
 */
import type { Finding, Judgement, JudgementContext, Obligation, Property } from '../core/property.ts';
import type { ReportCounterexample, ReportResult } from '../core/report.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { compareText, count } from '../core/text.ts';
import type { Acceptance } from '../core/acceptance.ts';
import type { Accept } from './accept.ts';
import type { CampaignPlan } from './plan.ts';
import { isSameShape, shapeOf } from './shape.ts';

/** A failure that was seen twice, reduced and stored. */
export interface Failure {
  readonly finding: Finding;
  readonly counterexample: ReportCounterexample;
  /** Why it does not fail the build; null: it does. */
  readonly accepted: Acceptance | null;
  /** Other objects that failed the same clause and are accepted for the same reason. */
  readonly alsoObjects: Set<string>;
}

/** The running record of one property. */
export interface Tally {
  readonly property: Property;
  readonly inapplicable: string | null;
  cases: number;
  held: number;
  rows: number;
  discarded: number;
  /** By `Slot.key`. */
  readonly failures: Map<string, Failure>;
  readonly accept: Accept;
  /** Clauses that failed once and not again, with both outcomes. */
  readonly flaky: Map<string, string>;
  readonly unjudged: Map<string, number>;
  /** For `some-case` properties: the finding that stands if no case held. */
  pending: Finding | null;
  unmet: readonly Obligation[];
  readonly notes: Set<string>;
  /** What cases witnessed, and what they owed. */
  readonly seen: Set<string>;
  readonly owed: Set<string>;
}

/** Whether a run that looks for the first failure alone has found one that counts. */
export function isSettled(
  { untilFalsified = false }: { readonly untilFalsified?: boolean },
  tallies: readonly Tally[],
): boolean {
  return (
    untilFalsified && tallies.some(({ failures }) => [...failures.values()].some(({ accepted }) => accepted === null))
  );
}

/** Starts a record. */
export function makeTally(property: Property, context: JudgementContext, accept: Accept): Tally {
  const ignored = context.migration.declarations.ignore.find((entry) => entry.property === property.id);
  const inapplicable =
    ignored === undefined ? property.inapplicable(context) : `ignored by declaration: ${ignored.reason}`;
  return {
    property,
    inapplicable,
    cases: 0,
    held: 0,
    rows: 0,
    discarded: 0,
    failures: new Map(),
    accept,
    flaky: new Map(),
    unjudged: new Map(),
    pending: null,
    unmet: inapplicable === null ? property.obligations(context) : [],
    notes: new Set(),
    seen: new Set(),
    owed: new Set(),
  };
}

/** Failures of one clause that are told apart by object and shape; further ones are named with the first. */
const MOST_OF_A_CLAUSE = 8;

/** A finding's place among the failures of its property. */
export interface Slot {
  /** For `Tally.failures`. */
  readonly key: string;
  /** The failure that stands there already; undefined: the finding is a new one. */
  readonly known: Failure | undefined;
}

/**
 * Where a finding belongs. One clause has one failure that counts, one that is known, and one for each waiver; at the grain of objects there
 * is one for each object and shape of the difference, up to a limit.
 */
export function slotOf(
  tally: Tally,
  finding: Finding,
  accepted: Acceptance | null,
  grain: CampaignPlan['grain'],
): Slot {
  const clause = JSON.stringify([finding.clause, accepted?.by, accepted?.by === 'waiver' ? accepted.from : null]);
  const key = JSON.stringify([clause, finding.object, shapeOf(finding)]);
  const others = [...tally.failures].filter(([other]) => (JSON.parse(other) as string[])[0] === clause);
  const same = others.find(
    ([, failure]) => failure.finding.object === finding.object && isSameShape(failure.finding, finding),
  );
  const isOneOfMany = grain !== 'object' || others.length >= MOST_OF_A_CLAUSE;
  return { key, known: same?.[1] ?? (isOneOfMany ? others[0]?.[1] : undefined) };
}

/** Whether a case is a smaller example of a failure that is stored already. Asked in campaigns alone: `verify` keeps the first. */
export function isWorthReplacing(
  plan: Pick<CampaignPlan, 'grain' | 'unreduced'>,
  failure: Failure,
  found: Finding,
  rows: number,
): boolean {
  const { finding, counterexample } = failure;
  if (plan.grain !== 'object' || finding.object !== found.object) return false;
  return rows < counterexample.rows || isToBeReduced(plan, failure, found);
}

/** Whether a failure that is known waits for its reduction, and this visit is for that. */
export function isToBeReduced(
  { unreduced }: Pick<CampaignPlan, 'unreduced'>,
  { finding, counterexample }: Failure,
  found: Finding,
): boolean {
  return (
    unreduced?.isFirstLook === false && finding.object === found.object && unreduced.examples.has(counterexample.id)
  );
}

/**
 * Notes a failure under its key, and takes its object off those that were only named with another one. `known`: the failure whose place it takes; the shape
 * of a difference may have become another one with it, and with that the key.
 */
export function addFailure(tally: Tally, key: string, failure: Failure, known?: Failure): void {
  for (const [other, value] of tally.failures) if (value === known) tally.failures.delete(other);
  for (const other of tally.failures.values())
    if (other.finding.clause === failure.finding.clause) other.alsoObjects.delete(failure.finding.object);
  tally.failures.set(key, failure);
}

/** Adds a judged case. Findings are dealt with by the caller. */
export function recordCase(tally: Tally, judgement: Judgement, rows: number, discarded: number): void {
  tally.discarded += discarded;
  if (judgement.status === 'unjudged') {
    tally.unjudged.set(judgement.reason, (tally.unjudged.get(judgement.reason) ?? 0) + 1);
    return;
  }
  tally.cases++;
  tally.rows += rows;
  if (judgement.status === 'held') {
    tally.held++;
    for (const note of judgement.notes) tally.notes.add(note);
    for (const fact of judgement.seen ?? []) tally.seen.add(fact);
    for (const fact of judgement.owed ?? []) tally.owed.add(fact);
  }
}

/** Strikes off the obligations that a case's starting state meets. */
export function recordWitnesses(tally: Tally, before: Snapshot): void {
  if (tally.unmet.length > 0) tally.unmet = tally.unmet.filter((obligation) => !obligation.isMet(before));
}

/** The results to report: one for each clause that failed, else one for the property. */
export function resultsOf(tally: Tally, cutShort: string | null): readonly ReportResult[] {
  const base = {
    property: tally.property.id,
    cases: tally.cases,
    rows: tally.rows,
    discarded: tally.discarded,
    notes: [...tally.notes],
    clause: null,
    objects: [],
    accepted: null,
    counterexample: null,
  };
  if (tally.inapplicable !== null) return [{ ...base, verdict: 'inapplicable', reason: tally.inapplicable }];
  if (tally.failures.size > 0) {
    return [...tally.failures.values()].map(({ finding, counterexample, accepted, alsoObjects }) => ({
      ...base,
      clause: finding.clause,
      verdict: 'falsified',
      objects: [finding.object, ...[...alsoObjects].toSorted(compareText)],
      accepted,
      reason: finding.message,
      notes:
        alsoObjects.size === 0
          ? base.notes
          : [...base.notes, `the same clause also fails for ${[...alsoObjects].join(', ')}`],
      counterexample,
    }));
  }
  const doubt = doubtOf(tally, cutShort);
  if (doubt !== null) return [{ ...base, verdict: 'inconclusive', reason: doubt }];
  return [
    { ...base, verdict: 'held', reason: `held in ${count(tally.cases, 'case')} with ${count(tally.rows, 'row')}` },
  ];
}

/** Why "held" would say too much; null where it does not. */
function doubtOf(tally: Tally, cutShort: string | null): string | null {
  const [flaky] = tally.flaky.values();
  if (flaky !== undefined) return `flaky: ${flaky}`;
  if (cutShort !== null) return `${cutShort} after ${count(tally.cases, 'case')}`;
  if (tally.cases === 0 || (tally.property.quantifier === 'some-case' && tally.held === 0)) {
    const [reason] = [...tally.unjudged].toSorted(([, a], [, b]) => b - a);
    return reason?.[0] ?? 'no case was judged';
  }
  const unmet = [...tally.unmet.map(({ id }) => id), ...[...tally.owed].filter((fact) => !tally.seen.has(fact))];
  const [first, ...more] = unmet;
  if (first === undefined) return null;
  return `no case had ${first}${more.length === 0 ? '' : ` (and ${count(more.length, 'more such gap')})`}`;
}
