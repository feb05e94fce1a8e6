/**
 * Campaigns that go on after failures, until their time or their cases are used up. Rounds visit units (`unit.ts`) with new seeds and one kind of
 * data taken to the extreme (`swarm.ts`); what a visit learns stays with its unit, so that a failure is found, reduced and told once.
 *
 * The invariant: whatever is in the report was journalled before the next visit began, and the canary died in every round.
 */
import type { Counterexample } from '../../core/counterexample.ts';
import type { EngineInfo } from '../../core/dialect.ts';
import type { JournalState } from '../../core/fuzz-journal.ts';
import type { Report } from '../../core/report.ts';
import type { StopReason } from '../exit-code.ts';
import { stopAt } from '../run-campaign.ts';
import type { CampaignPlan } from '../plan.ts';
import { hasSelected } from '../selection.ts';
import { openCanary, type Canary } from './canary.ts';
import { makeSpent, type Spent } from './clocked.ts';
import type { FuzzPlan } from './fuzz-plan.ts';
import { keepRecords, restoreRecords } from './kept.ts';
import { openSet, type OpenSet } from './open-set.ts';
import { type Campaigned, finishReport } from './report-fuzz.ts';
import { swarmOf } from './swarm.ts';
import { countFailures, orderOf, talliesOf, unitsOf, type Unit } from './unit.ts';
import { visit } from './visit.ts';

/** Cases of a visit, and of one to what is new or went on showing something new. */
const CASES = 16;
const MORE_CASES = 32;
/** A visit begins no case after this share of the time, nor after the longest time, so that slow migrations leave some for the others. */
const SLICE_SHARE = 0.1;
const LEAST_SLICE_MS = 3_000;
const MOST_SLICE_MS = 60_000;
/** A first look may take twice its share of what is left: most take less. */
const FIRST_LOOK_SHARE = 2;
const LEAST_LOOK_MS = 1_000;

/** A campaign's end: the report, and the checksums with which units were judged. */
export interface FuzzOutcome {
  readonly report: Report;
  readonly judged: ReadonlyMap<string, string>;
}

interface Fuzz extends Campaigned {
  readonly open: OpenSet[];
  readonly units: Unit[];
  readonly canaries: Canary[];
  /** Those that have a canary. */
  readonly engines: Set<string>;
  readonly spent: Spent;
  readonly canary: { judged: number; falsified: number };
  readonly deadline: AbortController;
  readonly written: Map<Unit, Set<string>>;
  /** Failures of the first look, until they are reduced. */
  readonly unreduced: Map<Unit, Map<string, Counterexample>>;
  cases: number;
  notMine: number;
  /** The round that runs, from 0. */
  rounds: number;
  begun: number;
}

/**
 * Runs a campaign to the end of its budget, an interrupt, or a failure of the environment; the report says which. Emits what `runCampaign` does,
 * the results of a set when the campaign ends. Throws `PalindromeError` of kind `usage` where the input is wrong.
 */
export async function runFuzz(given: FuzzPlan): Promise<FuzzOutcome> {
  const { campaign, resumed, budget } = given;
  const startedMs = Date.now();
  const deadline = new AbortController();
  const before = resumed?.stands;
  const left = budget.ms === null ? null : Math.max(0, budget.ms - (before?.spentMs ?? 0));
  const timer = left === null ? undefined : setTimeout(() => deadline.abort(), left);
  const fuzz: Fuzz = {
    given,
    startedMs,
    deadline,
    plan: { ...campaign, signal: AbortSignal.any([campaign.signal, deadline.signal]) },
    open: [],
    units: [],
    canaries: [],
    engines: new Set(),
    spent: { ...makeSpent(), ...before?.spent },
    canary: { judged: 0, falsified: 0, ...before?.canary },
    written: new Map(),
    unreduced: new Map(),
    cases: before?.cases ?? 0,
    notMine: 0,
    rounds: before?.round ?? 0,
    begun: before?.round ?? 0,
  };
  campaign.emit({ type: 'run-started', verb: campaign.verb, seed: campaign.seed, sets: campaign.sets.length });
  let stopped: StopReason;
  try {
    stopped = await run(fuzz);
  } catch (thrown) {
    stopped = stopAt(thrown);
  } finally {
    clearTimeout(timer);
    await closeAll(fuzz);
  }
  if (campaign.signal.aborted) stopped = 'interrupted';
  const made = finishReport(fuzz, stopped);
  const report = (await campaign.conclude?.(made)) ?? made;
  campaign.emit({ type: 'run-finished', report });
  return {
    report,
    judged: new Map(fuzz.units.filter(({ visits }) => visits > 0).map((unit) => [unit.name, unit.checksum])),
  };
}

async function run(fuzz: Fuzz): Promise<StopReason> {
  const { plan, given } = fuzz;
  const isBeginning = fuzz.rounds === 0;
  const look: Round = { casesBefore: fuzz.cases, visits: 0, discoveries: 0 };
  for (const [at, planned] of plan.sets.entries()) {
    if (plan.signal.aborted) break;
    if (plan.shard !== null && !hasSelected(plan, planned)) {
      fuzz.notMine++;
      continue;
    }
    const open = await openSet(plan, planned, fuzz.startedMs, fuzz.spent);
    fuzz.open.push(open);
    const units = unitsOf(open, plan, given.judged, (unit, checksum) => recallFrom(given.resumed, unit, checksum));
    fuzz.units.push(...units);
    for (const unit of units) await goOnWith(fuzz, unit);
    const canary = await openCanaryOf(fuzz, open);
    if (!isBeginning || whyEnded(fuzz) !== null) continue;
    // The first look begins where the first set is open, and does not wait for what is slow to open.
    const dead = canary === null ? null : await sing(fuzz, canary);
    if (dead !== null) return dead;
    fuzz.begun = 1;
    const left = plan.sets.slice(at + 1).reduce((sum, { set }) => sum + set.migrations.length, 0);
    const wanting = units.filter((unit) => casesLeft(fuzz, unit) > 0);
    await visitAll(fuzz, orderOf(wanting, given.budget.ms !== null), look, left);
  }
  if (isBeginning && fuzz.begun === 1) {
    await reduceAll(fuzz);
    await finishRound(fuzz, look);
    fuzz.rounds++;
  }
  for (; ; fuzz.rounds++) {
    const ended = whyEnded(fuzz);
    if (ended !== null) return ended;
    const wanting = fuzz.units.filter((unit) => casesLeft(fuzz, unit) > 0);
    const order = orderOf(wanting, given.budget.ms !== null);
    if (order.length === 0) return 'finished';
    for (const canary of fuzz.canaries) {
      const dead = await sing(fuzz, canary);
      if (dead !== null) return dead;
    }
    fuzz.begun = fuzz.rounds + 1;
    const round: Round = { casesBefore: fuzz.cases, visits: 0, discoveries: 0 };
    await visitAll(fuzz, order, round, 0);
    await finishRound(fuzz, round);
  }
}

/** What a round counts. */
interface Round {
  readonly casesBefore: number;
  visits: number;
  discoveries: number;
}

/** One after the other: units share the machine through the lanes of a visit. `unopened`: migrations that are still to have their first look. */
async function visitAll(fuzz: Fuzz, order: readonly Unit[], counted: Round, unopened: number): Promise<void> {
  const { plan, rounds: round } = fuzz;
  const swarm = swarmOf(plan.seed, round);
  for (const [at, unit] of order.entries()) {
    if (whyEnded(fuzz) !== null) break;
    const share = round > 0 && (unit.isNew || unit.foundLast > 0) ? MORE_CASES : CASES;
    const cases = Math.min(share, casesLeft(fuzz, unit));
    const visitPlan = planOfVisit(fuzz, unit, round === 0 ? order.length - at + unopened : null);
    await visit({ plan: visitPlan, unit, round, swarm, cases, runStartedMs: fuzz.startedMs });
    counted.visits++;
    counted.discoveries += unit.foundLast;
    await writeVisit(fuzz, unit);
  }
}

/** Failures of the first look become small once everything had its look. With a budget of cases alone, whatever was found is reduced. */
async function reduceAll(fuzz: Fuzz): Promise<void> {
  const { plan, given, unreduced } = fuzz;
  for (const [unit, examples] of unreduced) {
    if (plan.signal.aborted) break;
    const { visits, cases, foundLast } = unit;
    const reducing: CampaignPlan = {
      ...planOfVisit(fuzz, unit, null),
      unreduced: { isFirstLook: false, examples },
      corpus: (_set, migration, scenario) =>
        [...examples.values()].filter(
          (example) => example.migration.name === migration && example.scenario === scenario,
        ),
      isOver: () => plan.signal.aborted,
      onCase: () => undefined,
    };
    await visit({ plan: reducing, unit, round: 0, swarm: [], cases: 0, runStartedMs: fuzz.startedMs });
    Object.assign(unit, { visits, cases, foundLast });
    const kept = new Set(
      talliesOf(unit).flatMap(({ failures }) => [...failures.values()].map(({ counterexample }) => counterexample.id)),
    );
    for (const id of examples.keys()) if (!kept.has(id)) await given.forget(id);
    await writeVisit(fuzz, unit);
  }
  unreduced.clear();
}

async function finishRound(fuzz: Fuzz, { casesBefore, visits, discoveries }: Round): Promise<void> {
  const { plan, rounds: round } = fuzz;
  plan.emit({
    type: 'round-finished',
    round: round + 1,
    swarm: swarmOf(plan.seed, round),
    visits,
    cases: fuzz.cases - casesBefore,
    discoveries,
    failures: fuzz.units.reduce((sum, unit) => sum + countFailures(unit), 0),
  });
  await writeStands(fuzz, round + 1);
}

/** What is left of the cases of a unit. One whose visits run no case has had its turns. */
function casesLeft({ given: { budget } }: Fuzz, { cases, visits }: Unit): number {
  return budget.each === undefined ? Infinity : budget.each - Math.max(cases, visits * CASES);
}

/** What a visit may do: it ends with the budget, or with its slice of the time. */
function planOfVisit(fuzz: Fuzz, unit: Unit, waiting: number | null): CampaignPlan {
  const { plan, given } = fuzz;
  const { journal, resumed } = given;
  const slice = sliceOf(fuzz, waiting);
  const endsAt = performance.now() + slice;
  const isFirst = unit.visits === 0;
  return {
    ...plan,
    ...(waiting === null ? {} : { unreduced: { isFirstLook: true, examples: waitingOf(fuzz, unit) } }),
    // Stored cases run once, in the first visit.
    corpus: (set, migration, scenario) =>
      isFirst ? [...suspectsOf(resumed, migration, scenario), ...(plan.corpus?.(set, migration, scenario) ?? [])] : [],
    isOver: () => performance.now() > endsAt || whyEnded(fuzz) !== null,
    onCase: () => {
      fuzz.cases++;
    },
    ...(journal === null
      ? {}
      : { onSuspect: (example) => journal.write({ type: 'suspect', unit: unit.name, example }) }),
    emit: (event) => plan.emit(event.type === 'progress' ? { ...event, share: shareOf(fuzz) } : event),
  };
}

/** Milliseconds of a visit. `waiting`: visits that are left of the first look, this one included; null: it is over. */
function sliceOf({ given: { budget, resumed }, startedMs }: Fuzz, waiting: number | null): number {
  if (budget.ms === null) return Infinity;
  const slice = Math.min(MOST_SLICE_MS, Math.max(LEAST_SLICE_MS, budget.ms * SLICE_SHARE));
  if (waiting === null) return slice;
  const left = budget.ms - (Date.now() - startedMs) - (resumed?.stands?.spentMs ?? 0);
  return Math.min(slice, Math.max(LEAST_LOOK_MS, (FIRST_LOOK_SHARE * left) / waiting));
}

function waitingOf({ unreduced }: Fuzz, unit: Unit): Map<string, Counterexample> {
  const examples = unreduced.get(unit) ?? new Map<string, Counterexample>();
  unreduced.set(unit, examples);
  return examples;
}

function suspectsOf(resumed: JournalState | null, migration: string, scenario: string): JournalState['suspects'] {
  return (resumed?.suspects ?? []).filter(
    (example) => example.migration.name === migration && example.scenario === scenario,
  );
}

function shareOf({ given: { budget, resumed }, cases, startedMs }: Fuzz): number {
  const ms = Date.now() - startedMs + (resumed?.stands?.spentMs ?? 0);
  return Math.min(
    1,
    Math.max(budget.ms === null ? 0 : ms / budget.ms, budget.cases === null ? 0 : cases / budget.cases),
  );
}

function whyEnded({ plan, given: { budget }, cases, deadline }: Fuzz): StopReason | null {
  if (deadline.signal.aborted) return { budget: `the time of ${describeTime(budget.ms ?? 0)} was used up` };
  if (plan.signal.aborted) return 'interrupted';
  if (budget.cases !== null && cases >= budget.cases) return { budget: `the ${budget.cases} cases were used up` };
  return null;
}

function describeTime(ms: number): string {
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000}h`;
  if (ms % 60_000 === 0) return `${ms / 60_000}m`;
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** One canary for each engine; null: there is one already. */
async function openCanaryOf({ canaries, engines, plan }: Fuzz, { planned, cluster }: OpenSet): Promise<Canary | null> {
  const property = plan.properties.find(({ id }) => id === 'rollback-restores');
  if (property === undefined) throw new TypeError('a campaign needs rollback-restores for its canary');
  const name = nameOf(cluster.engine);
  if (engines.has(name) || plan.signal.aborted) return null;
  engines.add(name);
  const canary = await openCanary(planned, cluster, property);
  canaries.push(canary);
  return canary;
}

function nameOf({ dialect, version }: EngineInfo): string {
  return `${dialect} ${version}`;
}

/** Judges a canary; why the campaign cannot go on, or null. */
async function sing({ canary, plan, rounds }: Fuzz, bird: Canary): Promise<StopReason | null> {
  const isFalsified = await bird.sing(plan.seed + rounds, plan.signal);
  if (isFalsified === null) return null;
  canary.judged++;
  if (isFalsified) {
    canary.falsified++;
    return null;
  }
  return {
    failure: `canary-survived: a migration that loses a column was not falsified in round ${rounds + 1}, so nothing that held in this campaign means anything`,
  };
}

function recallFrom(
  resumed: JournalState | null,
  name: string,
  checksum: string,
): ((name: string, made: object) => void) | null {
  const kept = resumed?.visited.get(name);
  return kept === undefined || kept.checksum !== checksum ? null : restoreRecords(kept.records);
}

/** Takes up what the journal kept of a unit: a visit of no case makes its records, and `recallFrom` fills them. */
async function goOnWith(fuzz: Fuzz, unit: Unit): Promise<void> {
  const kept = fuzz.given.resumed?.visited.get(unit.name);
  if (kept === undefined || kept.checksum !== unit.checksum || unit.kind === 'ledger') return;
  unit.visits = kept.visits;
  unit.cases = kept.cases;
  const plan = planOfVisit(fuzz, unit, null);
  await visit({ plan, unit, round: fuzz.rounds, swarm: [], cases: 0, runStartedMs: fuzz.startedMs });
  unit.visits = kept.visits;
}

async function writeVisit({ given: { journal }, written }: Fuzz, unit: Unit): Promise<void> {
  if (journal === null) return;
  const known = written.get(unit) ?? new Set();
  written.set(unit, known);
  const { name, checksum, visits, cases } = unit;
  await journal.write({ type: 'visited', unit: name, checksum, visits, cases, records: keepRecords(unit, known) });
}

async function writeStands({ given, cases, spent, canary, startedMs }: Fuzz, round: number): Promise<void> {
  const spentMs = Date.now() - startedMs + (given.resumed?.stands?.spentMs ?? 0);
  await given.journal?.write({ type: 'stands', round, cases, spentMs, spent: { ...spent }, canary: { ...canary } });
}

async function closeAll({ canaries, open }: Fuzz): Promise<void> {
  const faults: unknown[] = [];
  for (const each of [...canaries, ...open.toReversed()]) {
    try {
      await each[Symbol.asyncDispose]();
    } catch (fault) {
      faults.push(fault);
    }
  }
  if (faults.length > 0) throw faults[0];
}
