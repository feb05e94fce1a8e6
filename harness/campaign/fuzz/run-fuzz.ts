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
import { CASES, casesLeft, type Clocked, isLookOver, looksOf, shareOf, sliceOf, whyEnded } from './budget.ts';
import { openCanary, type Canary } from './canary.ts';
import { makeSpent, type Spent } from './clocked.ts';
import type { FuzzPlan } from './fuzz-plan.ts';
import { keepRecords, restoreRecords } from './kept.ts';
import { openSet, type OpenSet } from './open-set.ts';
import { type Campaigned, finishReport } from './report-fuzz.ts';
import { swarmOf } from './swarm.ts';
import { countFailures, orderOf, roundRobin, talliesOf, unitsOf, type Unit } from './unit.ts';
import { visit } from './visit.ts';

/** Cases of a visit to what is new or went on showing something new. */
const MORE_CASES = 32;

/** A campaign's end: the report, and the checksums with which units were judged. */
export interface FuzzOutcome {
  readonly report: Report;
  readonly judged: ReadonlyMap<string, string>;
}

interface Fuzz extends Campaigned, Clocked {
  readonly open: OpenSet[];
  readonly units: Unit[];
  readonly canaries: Canary[];
  /** Those that have a canary. */
  readonly engines: Set<string>;
  readonly spent: Spent;
  readonly canary: { judged: number; falsified: number };
  readonly written: Map<Unit, Set<string>>;
  /** Failures of the first look, until they are reduced. */
  readonly unreduced: Map<Unit, Map<string, Counterexample>>;
  /** Units of which an earlier process knew something, and that this one has not visited yet. */
  readonly returning: Set<Unit>;
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
    returning: new Set(),
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
  for (const planned of plan.sets) {
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
    await openCanaryOf(fuzz, open);
  }
  if (fuzz.rounds === 0 && whyEnded(fuzz) === null) {
    const dead = await lookAtEverything(fuzz);
    if (dead !== null) return dead;
  } else await reduceAll(fuzz);
  for (; ; fuzz.rounds++) {
    const ended = whyEnded(fuzz);
    if (ended !== null) return ended;
    const wanting = fuzz.units.filter((unit) => casesLeft(fuzz, unit) > 0);
    const order = orderOf(wanting, given.budget.ms !== null);
    if (order.length === 0) return 'finished';
    const dead = await singAll(fuzz);
    if (dead !== null) return dead;
    fuzz.begun = fuzz.rounds + 1;
    const round: Round = { casesBefore: fuzz.cases, visits: 0, discoveries: 0 };
    await visitAll(fuzz, order, round);
    await finishRound(fuzz, round);
  }
}

/**
 * The first round: everything is looked at, in turns, before anything is reduced. Sets take turns too, so that one whose failures are dear leaves time for
 * the others. Why the campaign cannot go on, or null.
 */
async function lookAtEverything(fuzz: Fuzz): Promise<StopReason | null> {
  const dead = await singAll(fuzz);
  if (dead !== null) return dead;
  fuzz.begun = 1;
  const isTimed = fuzz.given.budget.ms !== null;
  const round: Round = { casesBefore: fuzz.cases, visits: 0, discoveries: 0 };
  for (const [turn, cases] of looksOf(fuzz).entries()) {
    if (turn > 0 && isLookOver(fuzz)) break;
    // What an earlier process looked at as often is passed over.
    const wanting = fuzz.units.filter((unit) => unit.visits <= turn && casesLeft(fuzz, unit) > 0);
    const bySet = fuzz.open.map((open) => {
      const own = wanting.filter((unit) => unit.open === open);
      return orderOf(own, isTimed);
    });
    await visitAll(fuzz, isTimed ? roundRobin(bySet) : bySet.flat(), round, { turn, cases });
  }
  await reduceAll(fuzz);
  await finishRound(fuzz, round);
  fuzz.rounds++;
  return null;
}

async function singAll(fuzz: Fuzz): Promise<StopReason | null> {
  for (const canary of fuzz.canaries) {
    const dead = await sing(fuzz, canary);
    if (dead !== null) return dead;
  }
  return null;
}

/** What a round counts. */
interface Round {
  readonly casesBefore: number;
  visits: number;
  discoveries: number;
}

/** A turn of the first look, from 0, and the cases of each visit in it. */
interface LookTurn {
  readonly turn: number;
  readonly cases: number;
}

/** One after the other: units share the machine through the lanes of a visit. */
async function visitAll(
  fuzz: Fuzz,
  order: readonly Unit[],
  counted: Round,
  look: LookTurn | null = null,
): Promise<void> {
  const { plan, rounds: round } = fuzz;
  const swarm = swarmOf(plan.seed, round);
  for (const [at, unit] of order.entries()) {
    if (whyEnded(fuzz) !== null || (look !== null && look.turn > 0 && isLookOver(fuzz))) break;
    const share = look?.cases ?? (unit.isNew || unit.foundLast > 0 ? MORE_CASES : CASES);
    const cases = Math.min(share, casesLeft(fuzz, unit));
    const visitPlan = planOfVisit(fuzz, unit, look === null ? null : order.length - at);
    unit.granted += cases;
    const turn = look?.turn ?? 0;
    await visit({ plan: visitPlan, unit, round, turn, swarm, cases, runStartedMs: fuzz.startedMs });
    counted.visits++;
    counted.discoveries += unit.foundLast;
    await writeVisit(fuzz, unit);
    await writeStands(fuzz, round);
  }
}

/** Failures of the first look become small once everything had its look. With a budget of cases alone, whatever was found is reduced. */
async function reduceAll(fuzz: Fuzz): Promise<void> {
  const { plan, given, unreduced } = fuzz;
  for (const [unit, examples] of unreduced) {
    if (plan.signal.aborted) break;
    if (examples.size === 0) continue;
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
    await visit({ plan: reducing, unit, round: 0, turn: 0, swarm: [], cases: 0, runStartedMs: fuzz.startedMs });
    Object.assign(unit, { visits, cases, foundLast });
    const kept = new Set(
      talliesOf(unit).flatMap(({ failures }) => [...failures.values()].map(({ counterexample }) => counterexample.id)),
    );
    if (plan.signal.aborted) break;
    for (const id of examples.keys()) if (!kept.has(id)) await given.forget(id);
    unreduced.delete(unit);
    await writeVisit(fuzz, unit);
    await writeStands(fuzz, fuzz.rounds);
  }
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

/** What a visit may do: it ends with the budget, or with its slice of the time. */
function planOfVisit(fuzz: Fuzz, unit: Unit, waiting: number | null): CampaignPlan {
  const { plan, given } = fuzz;
  const { journal, resumed } = given;
  const slice = sliceOf(fuzz, waiting);
  let endsAt = performance.now() + slice;
  const isFirst = unit.visits === 0;
  const isBack = isFirst || fuzz.returning.delete(unit);
  return {
    ...plan,
    ...(waiting === null ? {} : { unreduced: { isFirstLook: true, examples: waitingOf(fuzz, unit) } }),
    // Stored cases run once, in the first visit.
    corpus: (set, migration, scenario) => [
      ...(isBack ? suspectsOf(resumed, set.path, migration, scenario) : []),
      ...(isFirst ? (plan.corpus?.(set, migration, scenario) ?? []) : []),
    ],
    isOver: () => performance.now() > endsAt || whyEnded(fuzz) !== null,
    // Each scenario has a slice of its own: those that come last would never have one.
    onScenario: () => {
      endsAt = performance.now() + slice;
    },
    onCase: () => {
      fuzz.cases++;
    },
    ...(journal === null
      ? {}
      : { onSuspect: (example) => journal.write({ type: 'suspect', unit: unit.name, example }) }),
    emit: (event) => plan.emit(event.type === 'progress' ? { ...event, share: shareOf(fuzz) } : event),
  };
}

function waitingOf({ unreduced }: Fuzz, unit: Unit): Map<string, Counterexample> {
  const examples = unreduced.get(unit) ?? new Map<string, Counterexample>();
  unreduced.set(unit, examples);
  return examples;
}

function suspectsOf(
  resumed: JournalState | null,
  path: string,
  migration: string,
  scenario: string,
): JournalState['suspects'] {
  return (resumed?.suspects ?? []).filter(
    (example) => example.set.path === path && example.migration.name === migration && example.scenario === scenario,
  );
}

/** One canary for each engine. */
async function openCanaryOf({ canaries, engines, plan }: Fuzz, { planned, cluster }: OpenSet): Promise<void> {
  const property = plan.properties.find(({ id }) => id === 'rollback-restores');
  if (property === undefined) throw new TypeError('a campaign needs rollback-restores for its canary');
  const name = nameOf(cluster.engine);
  if (engines.has(name) || plan.signal.aborted) return;
  engines.add(name);
  canaries.push(await openCanary(planned, cluster, property));
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
  unit.granted = kept.cases;
  fuzz.returning.add(unit);
  // One slice for all that is known: nothing new is looked for.
  const plan = { ...planOfVisit(fuzz, unit, null), onScenario: () => undefined };
  await visit({ plan, unit, round: fuzz.rounds, turn: 0, swarm: [], cases: 0, runStartedMs: fuzz.startedMs });
  // The visit that was under way runs again from where it began.
  unit.visits = kept.visits;
  unit.cases = kept.cases;
  const examples = await Promise.all((kept.unreduced ?? []).map((id) => fuzz.given.find(id)));
  for (const example of examples) if (example !== null) waitingOf(fuzz, unit).set(example.id, example);
}

async function writeVisit({ given: { journal }, written, unreduced }: Fuzz, unit: Unit): Promise<void> {
  if (journal === null) return;
  const known = written.get(unit) ?? new Set();
  written.set(unit, known);
  const { name, checksum, visits, cases } = unit;
  const waiting = [...(unreduced.get(unit)?.keys() ?? [])];
  await journal.write({
    type: 'visited',
    unit: name,
    checksum,
    visits,
    cases,
    records: keepRecords(unit, known),
    ...(waiting.length === 0 ? {} : { unreduced: waiting }),
  });
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
