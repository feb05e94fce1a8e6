/**
 * Judging `chain-unwinds` of a set: cases spread over the starting points, one result for the set's last migration.
 */
import { countRows, type Dataset, EMPTY_DATASET } from '../core/dataset.ts';
import type { Cluster, EngineInfo } from '../core/dialect.ts';
import { deriveSeed } from '../core/hash.ts';
import type { Migration } from '../core/migration.ts';
import type { Finding, JudgementContext, Property } from '../core/property.ts';
import type { ReportResult } from '../core/report.ts';
import { type ChainStart, chainBlocker, findGuiltyStep, lossyColumns, makeChainRunner } from './chain.ts';
import { confirmFinding } from './confirm.ts';
import { focusOf } from './focus.ts';
import { harvestLiterals } from './literals.ts';
import { judgeTraces } from './judge.ts';
import type { CampaignPlan, PlannedSet } from './plan.ts';
import { recordFailure } from './record-failure.ts';
import { type CaseRun, contextOf, type Subject } from './subject.ts';
import { makeTally, recordCase, recordWitnesses, resultsOf, type Tally } from './tally.ts';
import { hasTimedOut, whyGiveUp } from './timeouts.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

/** Steps of scripts that a set's chain may cost in all: cases shrink as the chain grows, so that the cost stays linear. */
const STEP_BUDGET = 2_000;
const MIN_CASES = 8;
const MAX_LITERALS = 60;

export interface ChainRequest {
  readonly plan: CampaignPlan;
  readonly planned: PlannedSet;
  readonly cluster: Cluster;
  readonly engine: EngineInfo;
  readonly property: Property;
  readonly starts: readonly ChainStart[];
  readonly runStartedMs: number;
  onProgress(done: number, planned: number): void;
}

/** Judges the whole chain; the result belongs to the last migration. */
export async function judgeChain(request: ChainRequest): Promise<readonly ReportResult[]> {
  const { planned, property, plan } = request;
  const { migrations } = planned.set;
  const blocker = chainBlocker(migrations);
  const [firstStart] = request.starts;
  const last = migrations.at(-1);
  if (blocker !== null || firstStart === undefined || last === undefined) {
    return [
      {
        property: property.id,
        clause: null,
        verdict: 'inapplicable',
        cases: 0,
        rows: 0,
        discarded: 0,
        reason: blocker ?? 'there is nothing to walk',
        notes: [],
        counterexample: null,
      },
    ];
  }
  const tally = makeTally(
    property,
    contextOf(subjectOf(request, firstStart, last, null), new Set(), request.runStartedMs),
  );
  const longest = migrations.length - firstStart.applied;
  if (longest < migrations.length)
    tally.notes.add(
      `the walk starts after ${migrations[migrations.length - longest - 1]?.name}, which cannot be undone`,
    );
  const total = Math.min(planned.cases, Math.max(MIN_CASES, Math.floor(STEP_BUDGET / (2 * longest))));
  let done = 0;
  let timedOut = 0;
  for (const [at, start] of request.starts.entries()) {
    await using bench = openWorkbench(request.cluster, start.template);
    for (let index = 0; index * request.starts.length + at < total; index++, done++) {
      if (plan.signal.aborted || whyGiveUp(timedOut) !== null) break;
      request.onProgress(done, total);
      const run = await judgeWalk({ ...request, start, bench, tally, index, last });
      if (hasTimedOut(run.traces)) timedOut++;
    }
  }
  return resultsOf(tally, done < total ? (whyGiveUp(timedOut) ?? 'the search was cut short') : null);
}

interface WalkRequest extends ChainRequest {
  readonly start: ChainStart;
  readonly bench: Workbench;
  readonly tally: Tally;
  readonly index: number;
  readonly last: Migration;
}

async function judgeWalk(request: WalkRequest): Promise<CaseRun> {
  const { planned, plan, start, bench, tally, index, property, runStartedMs } = request;
  const subject = subjectOf(request, start, request.last, bench);
  const volatileColumns = lossyColumns(start.model, planned.set.migrations.slice(start.applied));
  const context = contextOf(subject, volatileColumns, runStartedMs);
  const seed = deriveSeed(plan.seed, planned.set.name, 'chain', start.applied);
  const focus = focusOf(start.model, subject.mentioned, index);
  const literals = [...new Set(planned.set.migrations.slice(start.applied).flatMap(harvestLiterals))].slice(
    0,
    MAX_LITERALS,
  );
  const dataset = planned.source.generate({ model: start.model, seed, index, focus, literals });
  const run = await subject.runCase(dataset, { until: 'after-down', isolated: false });
  const before = run.traces[0]?.moments[0];
  if (before !== undefined) recordWitnesses(tally, before.snapshot);
  const judgement = judgeTraces(property, run.traces, context);
  recordCase(tally, judgement, countRows(run.loaded), run.refused.length);
  if (judgement.status !== 'falsified') return run;
  for (const finding of judgement.findings) {
    if (tally.failures.has(finding.clause)) continue;
    const confirmation = await confirmFinding({ subject, property, finding, run, volatileColumns, runStartedMs });
    if (confirmation.status === 'flaky') tally.flaky.set(finding.clause, confirmation.message);
    if (confirmation.status === 'confirmed') await record(request, subject, context, confirmation.finding, run.loaded);
  }
  return run;
}

async function record(
  request: WalkRequest,
  subject: Subject,
  context: JudgementContext,
  finding: Finding,
  dataset: Dataset,
): Promise<void> {
  const { plan, engine, property, start, tally, index, planned, bench } = request;
  const scenario = `chain:${start.applied}`;
  const recorded = await recordFailure({
    plan,
    subject,
    engine,
    property,
    finding,
    context,
    dataset,
    caseIndex: index,
    scenario,
    onAttempt: () => undefined,
  });
  const guilty = await findGuiltyStep(planned, start, bench, recorded.counterexample.dataset);
  const suffix =
    guilty === null
      ? 'every single step restores its own state: only the whole walk shows it'
      : `the first step that is not undone is ${guilty.name}`;
  tally.failures.set(finding.clause, {
    counterexample: recorded.counterexample,
    finding: { ...recorded.finding, message: `${recorded.finding.message}; ${suffix}` },
    alsoObjects: new Set(),
  });
}

/** The walk as a subject: its migration is the last of the set, its state the one where the walk starts. */
function subjectOf(
  { planned, property }: ChainRequest,
  start: ChainStart,
  migration: Migration,
  bench: Workbench | null,
): Subject {
  const { set, dialect } = planned;
  const scripts = set.migrations.slice(start.applied).flatMap(({ up, down }) => (down === null ? [up] : [up, down]));
  return {
    planned,
    migration,
    index: start.applied,
    model: start.model,
    mentioned: new Set(scripts.flatMap((script) => dialect.mentionedTables(script, start.model))),
    schemaFingerprint: start.schemaFingerprint,
    properties: [property],
    bench,
    // Without a bench the subject is only asked about, not run.
    runCase:
      bench === null
        ? () => Promise.resolve({ loaded: EMPTY_DATASET, refused: [], traces: [], unusable: null })
        : makeChainRunner(planned, start, bench),
  };
}
