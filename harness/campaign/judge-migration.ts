/**
 * All cases of one migration: generate, run, judge, and deal with what fails.
 */
import { makeAccept } from './accept.ts';
import type { Counterexample } from '../core/counterexample.ts';
import { countRows } from '../core/dataset.ts';
import type { EngineInfo } from '../core/dialect.ts';
import { deriveSeed } from '../core/hash.ts';
import type { Finding } from '../core/property.ts';
import type { ReportResult } from '../core/report.ts';
import { MOMENTS, type MomentName } from '../core/trace.ts';
import { confirmFinding } from './confirm.ts';
import { countCoverage } from './coverage.ts';
import { focusOf } from './focus.ts';
import type { GenerationTally } from './generation.ts';
import { judgeTraces } from './judge.ts';
import { inOrder } from './in-order.ts';
import { harvestLiterals } from './literals.ts';
import { type CampaignPlan, isEnding } from './plan.ts';
import { recordFailure, tellFailure } from './record-failure.ts';
import { type CaseRun, contextOf, type Subject } from './subject.ts';
import { hasTimedOut, whyGiveUp } from './timeouts.ts';
import { isOut, seedsOf, turnAt } from './turns.ts';
import { storedCases } from './corpus.ts';
import { makeMemory, noteGiveUp, recallTally } from './memory.ts';
import {
  addFailure,
  isSettled,
  isWorthReplacing,
  makeTally,
  recordCase,
  recordWitnesses,
  resultsOf,
  slotOf,
  type Tally,
} from './tally.ts';

export interface MigrationRequest {
  readonly plan: CampaignPlan;
  readonly subject: Subject;
  /** The same migration on other benches: as many more cases run at once. */
  readonly beside: readonly Subject[];
  readonly engine: EngineInfo;
  readonly generation: GenerationTally;
  readonly runStartedMs: number;
  onProgress(casesDone: number, phase: 'checking' | 'shrinking' | 'confirming'): void;
}

/** Judges every stepwise property of a migration. */
export async function judgeMigration(request: MigrationRequest): Promise<readonly ReportResult[]> {
  const { subject, beside, plan, runStartedMs } = request;
  const { memory = makeMemory() } = plan;
  const volatileColumns = memory.recall('volatile', () => new Set<string>());
  const context = contextOf(subject, volatileColumns, runStartedMs);
  const tallies = subject.properties.map((property) =>
    recallTally(memory, property, () =>
      makeTally(property, context, makeAccept(subject.planned, subject.migration, property.id, runStartedMs)),
    ),
  );
  const applicable = tallies.filter(({ inapplicable }) => inapplicable === null);
  const literals = harvestLiterals(subject.migration);
  const stored = storedCases(plan, subject, 'standard');
  const planned = applicable.length === 0 ? 0 : stored.length + subject.planned.cases * seedsOf(plan).length;
  const until = lastNeeded(applicable);
  const onLane = (lane: number) => (lane === 0 ? subject : (beside[lane - 1] ?? subject));
  let timedOut = 0;
  const done = await inOrder({
    total: planned,
    inFlight: 1 + beside.length,
    goesOn: () => !isEnding(plan) && whyGiveUp(timedOut) === null && !isSettled(plan, tallies),
    begin: async (at, lane) => {
      const known = stored[at];
      if (known !== undefined) {
        const { dataset } = known;
        return { dataset, run: await onLane(lane).runCase(dataset, { until, isolated: false }) };
      }
      const turn = turnAt(plan, at - stored.length);
      if (isOut(plan, turn, 'standard')) return null;
      const { index } = turn;
      const seed = deriveSeed(turn.seed, subject.planned.set.name, subject.migration.name);
      const focus = focusOf(subject.model, subject.mentioned, index);
      const dataset = subject.planned.source.generate({ model: subject.model, seed, index, focus, literals });
      return { dataset, run: await onLane(lane).runCase(dataset, { until, isolated: false }) };
    },
    takeIn: async (ran, at, lane) => {
      if (ran === null) return;
      const { dataset, run } = ran;
      const { seed, index: caseIndex } = turnAt(plan, Math.max(0, at - stored.length));
      request.onProgress(caseIndex, 'checking');
      plan.onCase?.(run);
      countCoverage(request, run);
      if (hasTimedOut(run.traces)) timedOut++;
      if (at >= stored.length) request.generation.record(dataset, run.refused);
      const [before] = run.traces[0]?.moments ?? [];
      if (before !== undefined) request.generation.recordTables(subject.model, before.snapshot);
      for (const tally of applicable) {
        if (isSettled(plan, tallies)) break;
        if (before !== undefined) recordWitnesses(tally, before.snapshot);
        const known = stored[at];
        await judgeCase({ ...request, subject: onLane(lane), tally, run, seed, caseIndex, volatileColumns, known });
      }
    },
  });
  for (const tally of applicable) {
    for (const note of tally.property.conclude?.(context, tally.notes) ?? []) tally.notes.add(note);
  }
  await settlePending({ ...request, volatileColumns }, applicable);
  const cutShort = done < planned ? (whyGiveUp(timedOut) ?? 'the search was cut short') : null;
  noteGiveUp(memory, whyGiveUp(timedOut));
  return tallies.flatMap((tally) => resultsOf(tally, cutShort));
}

/** How far a trajectory has to go for those who still listen. */
function lastNeeded(tallies: readonly Tally[]): MomentName {
  const furthest = Math.max(0, ...tallies.map(({ property }) => MOMENTS.indexOf(property.needs)));
  return MOMENTS[furthest] ?? 'after-up';
}

interface JudgeCaseRequest extends MigrationRequest {
  readonly tally: Tally;
  readonly run: CaseRun;
  /** That of the case. */
  readonly seed: number;
  readonly caseIndex: number;
  readonly volatileColumns: Set<string>;
  /** The stored case that this one is; undefined: it was generated. */
  readonly known: Counterexample | undefined;
}

async function judgeCase(request: JudgeCaseRequest): Promise<void> {
  const { tally, run, subject, volatileColumns, runStartedMs } = request;
  if (run.unusable !== null) {
    recordCase(
      tally,
      { status: 'unjudged', reason: `the generated data was not usable: ${run.unusable}` },
      0,
      countRows(run.loaded),
    );
    return;
  }
  const judgement = judgeTraces(tally.property, run.traces, contextOf(subject, volatileColumns, runStartedMs));
  recordCase(tally, judgement, countRows(run.loaded), run.refused.length);
  if (judgement.status !== 'falsified') return;
  if (tally.property.quantifier === 'some-case') {
    tally.pending ??= judgement.findings[0] ?? null;
    return;
  }
  for (const finding of judgement.findings) await dealWith(request, finding);
}

/** Confirms a new failure, reduces it and stores it. Failures of a clause already falsified only name their object. */
async function dealWith(request: JudgeCaseRequest, finding: Finding): Promise<void> {
  const { tally, run, subject, volatileColumns, runStartedMs, plan, engine, seed, caseIndex } = request;
  const accepted = tally.accept(finding);
  const { key, known } = slotOf(tally, finding, accepted, plan.grain);
  if (known !== undefined) {
    tellFailure({ plan, subject, property: tally.property, finding, seed, caseIndex });
    if (known.finding.object !== finding.object) known.alsoObjects.add(finding.object);
    if (!isWorthReplacing(plan, known, finding, countRows(run.loaded))) return;
  }
  request.onProgress(caseIndex, 'confirming');
  const confirmation = await confirmFinding({
    subject,
    property: tally.property,
    finding,
    run,
    volatileColumns,
    runStartedMs,
  });
  if (confirmation.status === 'flaky') {
    tally.flaky.set(finding.clause, confirmation.message);
    return;
  }
  if (confirmation.status === 'volatile') {
    for (const column of confirmation.columns) {
      volatileColumns.add(column);
      tally.notes.add(`${column} is filled from the clock or by chance: its values are not compared`);
    }
    tally.held++;
    return;
  }
  const recorded = await recordFailure({
    plan,
    subject,
    engine,
    property: tally.property,
    finding: confirmation.finding,
    context: contextOf(subject, volatileColumns, runStartedMs),
    dataset: run.loaded,
    seed,
    caseIndex,
    scenario: 'standard',
    known: request.known,
    onAttempt: () => request.onProgress(caseIndex, 'shrinking'),
  });
  addFailure(tally, key, { ...recorded, accepted, alsoObjects: new Set() }, known);
}

/** A `some-case` property with no case that held is falsified now. */
async function settlePending(
  request: MigrationRequest & { readonly volatileColumns: ReadonlySet<string> },
  tallies: readonly Tally[],
): Promise<void> {
  const { plan, subject, engine, runStartedMs, volatileColumns } = request;
  for (const tally of tallies) {
    // A later visit may hold where the first ones did not.
    if (tally.property.quantifier === 'some-case' && tally.held > 0) tally.failures.clear();
    if (
      tally.pending === null ||
      tally.held > 0 ||
      tally.failures.size > 0 ||
      plan.signal.aborted ||
      isSettled(plan, tallies)
    )
      continue;
    const recorded = await recordFailure({
      plan,
      subject,
      engine,
      property: tally.property,
      finding: tally.pending,
      context: contextOf(subject, volatileColumns, runStartedMs),
      dataset: { tables: [] },
      seed: plan.seed,
      caseIndex: 0,
      scenario: 'standard',
      onAttempt: () => undefined,
    });
    const accepted = tally.accept(tally.pending);
    const { key } = slotOf(tally, tally.pending, accepted, plan.grain);
    addFailure(tally, key, { ...recorded, accepted, alsoObjects: new Set() });
  }
}
