/**
 * Judging `chain-unwinds` of a set: cases spread over the starting points, one result for the set's last migration.
 */
import type { Counterexample } from '../core/counterexample.ts';
import { countRows, EMPTY_DATASET } from '../core/dataset.ts';
import type { Cluster, EngineInfo } from '../core/dialect.ts';
import { deriveSeed } from '../core/hash.ts';
import type { Migration } from '../core/migration.ts';
import type { Finding, JudgementContext, Property } from '../core/property.ts';
import type { ReportResult } from '../core/report.ts';
import { type ChainStart, chainBlocker, findGuiltyStep, lossyColumns, makeChainRunner } from './chain.ts';
import { confirmFinding } from './confirm.ts';
import { focusOf } from './focus.ts';
import { inOrder } from './in-order.ts';
import { countLanes, openMoreLanes } from './lanes.ts';
import { harvestLiterals } from './literals.ts';
import { judgeTraces } from './judge.ts';
import { type CampaignPlan, isEnding, type PlannedSet, type Turn } from './plan.ts';
import { recordFailure, tellFailure } from './record-failure.ts';
import { type CaseRun, contextOf, type Subject } from './subject.ts';
import { locateFinding } from './locate.ts';
import { makeAccept } from './accept.ts';
import { storedCases } from './corpus.ts';
import { makeMemory, noteGiveUp, recallTally } from './memory.ts';
import {
  isToBeReduced,
  addFailure,
  makeTally,
  recordCase,
  recordWitnesses,
  resultsOf,
  slotOf,
  type Tally,
} from './tally.ts';
import { hasTimedOut, whyGiveUp } from './timeouts.ts';
import { isOut, seedsOf, turnAt } from './turns.ts';
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
        objects: [],
        accepted: null,
        counterexample: null,
      },
    ];
  }
  const { memory = makeMemory() } = plan;
  const tally = recallTally(memory, property, () =>
    makeTally(
      property,
      contextOf(subjectOf(request, firstStart, last, null), new Set(), request.runStartedMs),
      makeAccept(planned, last, property.id, request.runStartedMs),
    ),
  );
  const longest = migrations.length - firstStart.applied;
  if (longest < migrations.length)
    tally.notes.add(
      `the walk starts after ${migrations[migrations.length - longest - 1]?.name}, which cannot be undone`,
    );
  const seeds = seedsOf(plan).length;
  const total = seeds * Math.min(planned.cases, Math.max(MIN_CASES, Math.floor(STEP_BUDGET / (2 * longest))));
  let done = 0;
  let timedOut = 0;
  for (const [at, start] of request.starts.entries()) {
    const walk = { ...request, start, tally, last };
    done += await judgeWalks(walk, seeds * Math.ceil((total / seeds - at) / request.starts.length), {
      goesOn: () => !isEnding(plan) && whyGiveUp(timedOut) === null,
      judged: (run, index) => {
        if (hasTimedOut(run.traces)) timedOut++;
        request.onProgress(done + index, total);
      },
    });
  }
  noteGiveUp(memory, whyGiveUp(timedOut));
  return resultsOf(tally, done < total ? (whyGiveUp(timedOut) ?? 'the search was cut short') : null);
}

interface WalkRequest extends ChainRequest {
  readonly start: ChainStart;
  readonly tally: Tally;
  readonly last: Migration;
}

interface WalkWatcher {
  goesOn(): boolean;
  judged(run: CaseRun, index: number): void;
}

/** Judges `total` walks from one start, or fewer where they no longer go on; returns how many. */
async function judgeWalks(request: WalkRequest, total: number, watcher: WalkWatcher): Promise<number> {
  const { planned, plan, cluster, start } = request;
  const { model, applied, template } = start;
  const steps = planned.set.migrations.slice(applied);
  const literals = [...new Set(steps.flatMap(harvestLiterals))].slice(0, MAX_LITERALS);
  await using bench = openWorkbench(cluster, template);
  const lanes = countLanes(planned, applied, planned.set.migrations.length - 1, total);
  await using more = openMoreLanes(cluster, template, lanes - 1);
  const walks = [bench, ...more.benches].map((own) => ({ subject: subjectOf(request, start, request.last, own), own }));
  const stored = storedCases(plan, subjectOf(request, start, request.last, null), `chain:${applied}`);
  const walked = await inOrder({
    total: stored.length + total,
    inFlight: walks.length,
    goesOn: () => watcher.goesOn(),
    begin: async (at, lane) => {
      const { subject } = walkOn(walks, lane);
      const known = stored[at];
      if (known !== undefined) return subject.runCase(known.dataset, { until: 'after-down', isolated: false });
      const turn = turnAt(plan, at - stored.length);
      if (isOut(plan, turn, 'chain')) return null;
      const { index } = turn;
      const seed = deriveSeed(turn.seed, planned.set.name, 'chain', applied);
      const focus = focusOf(model, subject.mentioned, index);
      const dataset = planned.source.generate({ model, seed, index, focus, literals });
      return subject.runCase(dataset, { until: 'after-down', isolated: false });
    },
    takeIn: async (run, at, lane) => {
      if (run === null) return;
      const index = Math.max(0, at - stored.length);
      plan.onCase?.(run);
      await judgeWalk({ ...request, ...walkOn(walks, lane), turn: turnAt(plan, index), run, known: stored[at] });
      watcher.judged(run, index);
    },
  });
  return Math.max(0, walked - stored.length);
}

function walkOn<Walk>(walks: readonly Walk[], lane: number): Walk {
  const walk = walks[lane];
  if (walk === undefined) throw new RangeError(`there is no lane ${lane}`);
  return walk;
}

interface JudgeWalkRequest extends WalkRequest {
  readonly subject: Subject;
  /** The bench of the subject. */
  readonly own: Workbench;
  readonly turn: Turn;
  readonly run: CaseRun;
  /** The stored case that this one is; undefined: it was generated. */
  readonly known: Counterexample | undefined;
}

async function judgeWalk(request: JudgeWalkRequest): Promise<void> {
  const { planned, start, tally, property, runStartedMs, subject, run } = request;
  const volatileColumns = lossyColumns(start.model, planned.set.migrations.slice(start.applied));
  const context = contextOf(subject, volatileColumns, runStartedMs);
  const before = run.traces[0]?.moments[0];
  if (before !== undefined) recordWitnesses(tally, before.snapshot);
  const judgement = judgeTraces(property, run.traces, context);
  recordCase(tally, judgement, countRows(run.loaded), run.refused.length);
  if (judgement.status !== 'falsified') return;
  for (const finding of judgement.findings) {
    const { known } = slotOf(tally, finding, tally.accept(finding), request.plan.grain);
    if (known !== undefined) {
      tellFailure({
        plan: request.plan,
        subject,
        property,
        finding,
        seed: request.turn.seed,
        caseIndex: request.turn.index,
      });
      if (known.finding.object !== finding.object) known.alsoObjects.add(finding.object);
      if (!isToBeReduced(request.plan, known, finding)) continue;
    }
    const confirmation = await confirmFinding({ subject, property, finding, run, volatileColumns, runStartedMs });
    if (confirmation.status === 'flaky') tally.flaky.set(finding.clause, confirmation.message);
    if (confirmation.status === 'confirmed') await record(request, context, confirmation.finding);
  }
}

async function record(request: JudgeWalkRequest, context: JudgementContext, finding: Finding): Promise<void> {
  const { plan, engine, property, start, tally, turn, planned, subject, run, own } = request;
  const scenario = `chain:${start.applied}`;
  const recorded = await recordFailure({
    plan,
    subject,
    engine,
    property,
    finding,
    context,
    dataset: run.loaded,
    seed: turn.seed,
    caseIndex: turn.index,
    scenario,
    known: request.known,
    onAttempt: () => undefined,
  });
  const guilty =
    plan.effort === 'explain' ? await findGuiltyStep(planned, start, own, recorded.counterexample.dataset) : null;
  const suffix =
    plan.effort !== 'explain'
      ? 'no step was looked at by itself'
      : guilty === null
        ? 'every single step restores its own state: only the whole walk shows it'
        : `the first step that is not undone is ${guilty.name}`;
  // The walk belongs to the last migration; what a person has to look at stands in the one that is not undone.
  const told =
    guilty === null
      ? recorded.finding
      : await locateFinding({ ...recorded.finding, at: null }, guilty, planned.dialect);
  const accepted = tally.accept(finding);
  const { key, known } = slotOf(tally, finding, accepted, plan.grain);
  const failure = {
    accepted,
    counterexample: { ...recorded.counterexample, finding: told },
    finding: { ...told, message: `${recorded.finding.message}; ${suffix}` },
    alsoObjects: new Set<string>(),
  };
  addFailure(tally, key, failure, known?.finding.object === finding.object ? known : undefined);
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
