/**
 * All cases of one migration in a scenario of its own: as `judge-migration.ts`, with parameters beside the rows.
 */
import type { Counterexample } from '../core/counterexample.ts';
import { countRows, type Dataset } from '../core/dataset.ts';
import { deriveSeed } from '../core/hash.ts';
import type { Finding } from '../core/property.ts';
import type { ReportResult } from '../core/report.ts';
import type { Scenario, ScenarioSetting, Visits } from '../scenarios/scenario.ts';
import { confirmFinding } from './confirm.ts';
import { countCoverage } from './coverage.ts';
import { focusOf } from './focus.ts';
import { judgeTraces } from './judge.ts';
import type { MigrationRequest } from './judge-migration.ts';
import { inOrder } from './in-order.ts';
import { harvestLiterals } from './literals.ts';
import { recordFailure, tellFailure } from './record-failure.ts';
import { type CaseRun, contextOf, type Subject } from './subject.ts';
import { makeAccept } from './accept.ts';
import { storedCases } from './corpus.ts';
import { makeMemory, noteGiveUp, recallTally } from './memory.ts';
import { isEnding, type Turn } from './plan.ts';
import {
  isToBeReduced,
  addFailure,
  isSettled,
  makeTally,
  recordCase,
  recordWitnesses,
  resultsOf,
  slotOf,
  type Tally,
} from './tally.ts';
import { hasTimedOut, whyGiveUp } from './timeouts.ts';
import { isOut, seedsOf } from './turns.ts';

/** Cases asked for a place, from which on it is visited twice. */
const ENOUGH_FOR_TWO = 10;

export interface ScenarioRequest extends MigrationRequest {
  readonly scenario: Scenario;
  readonly setting: ScenarioSetting;
}

/** Judges the properties of the subject, which are all of this scenario. */
export async function judgeScenario(request: ScenarioRequest): Promise<readonly ReportResult[]> {
  const { subject, plan, scenario, setting, runStartedMs } = request;
  const context = contextOf(subject, new Set(), runStartedMs);
  const { memory = makeMemory() } = plan;
  const tallies = subject.properties.map((property) =>
    recallTally(memory, property, () =>
      makeTally(property, context, makeAccept(subject.planned, subject.migration, property.id, runStartedMs)),
    ),
  );
  const applicable = tallies.filter(({ inapplicable }) => inapplicable === null);
  const seedOf = (asked: number): number =>
    deriveSeed(asked, subject.planned.set.name, subject.migration.name, scenario.id);
  const visitsOf = new Map<number, Visits | null>();
  for (const asked of seedsOf(plan))
    visitsOf.set(asked, applicable.length === 0 ? null : ((await scenario.plan?.(setting, seedOf(asked))) ?? null));
  // The places are the same whatever the seed.
  const visits = visitsOf.get(seedsOf(plan)[0] ?? plan.seed) ?? null;
  if (visits?.parameters.length === 0) return withoutVisits(tallies);
  const literals = harvestLiterals(subject.migration);
  const rows = new Map<string, Dataset>();
  const rowsOf = (asked: number, index: number): Dataset => {
    const key = `${asked} ${index}`;
    const focus = focusOf(subject.model, subject.mentioned, index);
    const dataset =
      rows.get(key) ??
      subject.planned.source.generate({ model: subject.model, seed: seedOf(asked), index, focus, literals });
    rows.set(key, dataset);
    return dataset;
  };
  const isAsked = applicable.length > 0 && subject.planned.cases > 0;
  const places = isAsked ? makeSchedule(request, visits, subject.planned.cases) : [];
  const schedule = places.flatMap((place) => seedsOf(plan).map((asked) => ({ ...place, seed: asked })));
  const visited = memory.recall(`visited:${scenario.id}`, () => new Map<Tally, Set<number>>());
  for (const tally of applicable) if (!visited.has(tally)) visited.set(tally, new Set());
  let timedOut = 0;
  let done = 0;
  const goesOn = (): boolean => !isEnding(plan) && whyGiveUp(timedOut) === null && !isSettled(plan, tallies);
  for (const known of applicable.length === 0 ? [] : storedCases(plan, subject, scenario.id)) {
    if (!goesOn()) break;
    const parameters = known.parameters ?? null;
    const run = await subject.runCase(known.dataset, { until: 'after-up', isolated: false, parameters });
    plan.onCase?.(run);
    if (hasTimedOut(run.traces)) timedOut++;
    for (const tally of applicable) await judgeCase(request, tally, run, { seed: plan.seed, index: 0 }, known);
  }
  const judgeAll = async (cases: readonly (Planned & Turn)[], lanes: readonly Subject[]): Promise<void> => {
    done += await inOrder({
      total: cases.length,
      inFlight: lanes.length,
      goesOn,
      begin: async (at, lane) => {
        const planned = requireAt(cases, at);
        if (isOut(plan, planned, scenario.id)) return null;
        const { visit, index } = planned;
        const dataset = rowsOf(planned.seed, planned.rows);
        const parameters =
          visit === null
            ? scenario.draw(setting, seedOf(planned.seed), index)
            : (visitsOf.get(planned.seed)?.parameters[visit] ?? null);
        const run = await requireAt(lanes, lane).runCase(dataset, { until: 'after-up', isolated: false, parameters });
        return { dataset, run, visit };
      },
      takeIn: async (ran, at, lane) => {
        if (ran === null) return;
        const { dataset, run, visit } = ran;
        const turn = requireAt(cases, at);
        request.onProgress(turn.index, 'checking');
        plan.onCase?.(run);
        countCoverage(request, run);
        if (hasTimedOut(run.traces)) timedOut++;
        request.generation.record(dataset, run.refused);
        const [before] = run.traces[0]?.moments ?? [];
        for (const tally of applicable) {
          if (before !== undefined) recordWitnesses(tally, before.snapshot);
          const own = { ...request, subject: requireAt(lanes, lane) };
          const isJudged = await judgeCase(own, tally, run, turn);
          if (isJudged && visit !== null) visited.get(tally)?.add(visit);
        }
      },
    });
  };
  await judgeAll(
    schedule.filter(({ isAlone }) => !isAlone),
    [subject, ...request.beside],
  );
  await judgeAll(
    schedule.filter(({ isAlone }) => isAlone),
    [subject],
  );
  for (const tally of applicable) {
    if (visits !== null) requireVisits(tally, visits, visited.get(tally) ?? new Set());
    for (const note of tally.property.conclude?.(context, tally.notes) ?? []) tally.notes.add(note);
  }
  noteGiveUp(memory, whyGiveUp(timedOut));
  return tallies.flatMap((tally) =>
    resultsOf(tally, done < schedule.length ? (whyGiveUp(timedOut) ?? 'the search was cut short') : null),
  );
}

/** A case that is to be run. */
interface Planned {
  /** Which of the places it visits; null: there are none. */
  readonly visit: number | null;
  /** Number of its rows. */
  readonly rows: number;
  readonly isAlone: boolean;
  /** Among the cases of a seed, in the order in which they are judged. */
  readonly index: number;
}

/** Each place once, and a second time with other rows where there are few of them; those that need the server alone only once, and last. */
function makeSchedule(
  { scenario, setting }: ScenarioRequest,
  visits: Visits | null,
  asked: number,
): readonly Planned[] {
  if (visits === null)
    return Array.from({ length: scenario.cases(asked, setting) }, (_, index) => ({
      visit: null,
      rows: index,
      isAlone: false,
      index,
    }));
  const { parameters, rows, alone } = visits;
  const places = parameters.map((_, visit) => ({
    visit,
    rows: rows?.[visit] ?? visit,
    isAlone: alone?.[visit] ?? false,
  }));
  const beside = places.filter(({ isAlone }) => !isAlone);
  const others = 1 + Math.max(...places.map((place) => place.rows));
  const again =
    asked < ENOUGH_FOR_TWO * parameters.length ? [] : beside.map((place) => ({ ...place, rows: place.rows + others }));
  const last = places.filter(({ isAlone }) => isAlone);
  return [...beside, ...again, ...last].map((place, index) => ({ ...place, index }));
}

function requireAt<Item>(items: readonly Item[], at: number): Item {
  const item = items[at];
  if (item === undefined) throw new TypeError(`there is no number ${at}`);
  return item;
}

function withoutVisits(tallies: readonly Tally[]): readonly ReportResult[] {
  const reason = 'neither script has a statement';
  return tallies.flatMap((tally) => resultsOf({ ...tally, inapplicable: tally.inapplicable ?? reason }, null));
}

/** A place that no judged case visited is a gap, like a value that no case had. */
function requireVisits(tally: Tally, { labels, notes }: Visits, visited: ReadonlySet<number>): void {
  const gaps = labels.filter((_, at) => !visited.has(at));
  tally.unmet = [
    ...tally.unmet.filter(({ id }) => !labels.includes(id)),
    ...gaps.map((id) => ({ id, isMet: () => false })),
  ];
  for (const note of notes) tally.notes.add(note);
}

/** Returns whether the case was judged. */
async function judgeCase(
  request: ScenarioRequest,
  tally: Tally,
  run: CaseRun,
  turn: Turn,
  known?: Counterexample,
): Promise<boolean> {
  const { subject, runStartedMs } = request;
  if (run.unusable !== null) {
    const reason = `the generated data was not usable: ${run.unusable}`;
    recordCase(tally, { status: 'unjudged', reason }, 0, countRows(run.loaded));
    return false;
  }
  const judgement = judgeTraces(tally.property, run.traces, contextOf(subject, new Set(), runStartedMs));
  recordCase(tally, judgement, countRows(run.loaded), run.refused.length);
  if (judgement.status !== 'falsified') return judgement.status === 'held';
  for (const finding of judgement.findings) await dealWith(request, tally, run, turn, finding, known);
  return true;
}

/** Confirms a new failure, reduces it and stores it. Failures of a clause already falsified only name their object. */
async function dealWith(
  request: ScenarioRequest,
  tally: Tally,
  run: CaseRun,
  { seed, index: caseIndex }: Turn,
  finding: Finding,
  stored: Counterexample | undefined,
): Promise<void> {
  const { subject, plan, engine, scenario, runStartedMs } = request;
  const accepted = tally.accept(finding);
  const { key, known } = slotOf(tally, finding, accepted, plan.grain);
  if (known !== undefined) {
    tellFailure({ plan, subject, property: tally.property, finding, seed, caseIndex });
    if (known.finding.object !== finding.object) known.alsoObjects.add(finding.object);
    if (!isToBeReduced(plan, known, finding)) return;
  }
  request.onProgress(caseIndex, 'confirming');
  const { property } = tally;
  const volatileColumns = new Set<string>();
  const confirmation = await confirmFinding({ subject, property, finding, run, volatileColumns, runStartedMs });
  if (confirmation.status === 'flaky') {
    tally.flaky.set(finding.clause, confirmation.message);
    return;
  }
  if (confirmation.status === 'volatile') {
    tally.flaky.set(
      finding.clause,
      `it hangs on values of the clock or of chance in ${confirmation.columns.join(', ')}`,
    );
    return;
  }
  const recorded = await recordFailure({
    plan,
    subject,
    engine,
    property,
    finding: confirmation.finding,
    context: contextOf(subject, volatileColumns, runStartedMs),
    dataset: run.loaded,
    parameters: run.parameters ?? null,
    seed,
    caseIndex,
    scenario: scenario.id,
    known: stored,
    onAttempt: () => request.onProgress(caseIndex, 'shrinking'),
  });
  addFailure(tally, key, { ...recorded, accepted, alsoObjects: new Set() }, known);
}
