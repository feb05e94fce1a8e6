/**
 * One mutant: does it parse, does it run at all, does a property fall, and if none does, is it different from its original?
 */
import { PalindromeError } from '../../core/errors.ts';
import type { Catalog } from '../../core/catalog.ts';
import type { Cluster } from '../../core/dialect.ts';
import { clockWindowSince } from '../../core/clock.ts';
import { deriveSeed } from '../../core/hash.ts';
import type { Direction, Migration } from '../../core/migration.ts';
import type { MutantsMigration, ReportMutant } from '../../core/mutants-report.ts';
import type { Property } from '../../core/property.ts';
import type { ReportResult } from '../../core/report.ts';
import type { ScriptOutcome } from '../../core/trace.ts';
import type { Mutant } from '../../mutants/mutants.ts';
import type { ChainStart } from '../chain.ts';
import { focusOf } from '../focus.ts';
import { makeGenerationTally } from '../generation.ts';
import { judgeState } from '../judge-state.ts';
import { harvestLiterals } from '../literals.ts';
import { readFresh } from '../parity.ts';
import type { CampaignPlan, PlannedSet } from '../plan.ts';
import { makeCaseRunner } from '../run-case.ts';
import { makeScenarioRunner, type ScenarioCaseSetting, settingOf } from '../run-scenario.ts';
import { laterWrites } from '../../scenarios/later-writes.ts';
import { splitScript } from '../../core/split-script.ts';
import { type CaseRun, maxRowsPerTable, type RunCase } from '../subject.ts';
import { findVolatileColumns } from '../volatile.ts';
import type { Workbench } from '../workbench.ts';
import { adviseOn } from './advice.ts';
import { compareRuns, type RunDifference } from './compare-runs.ts';

/** A migration whose mutants are judged, on the state before it. */
export interface MutantSetting {
  /** Stops at the first failure. */
  readonly plan: CampaignPlan;
  readonly planned: PlannedSet;
  readonly cluster: Cluster;
  readonly state: ChainStart;
  readonly migration: Migration;
  readonly index: number;
  readonly stepwise: readonly Property[];
  readonly special: readonly Property[];
  readonly runStartedMs: number;
}

/** What became of a mutant. */
export type MutantResult = Pick<ReportMutant, 'status' | 'property' | 'clause' | 'reason' | 'cases' | 'advice'>;

/** The properties that the original itself falsifies, with why, the setting without them, and how the original first runs. */
export async function measureOriginal(
  setting: MutantSetting,
  bench: Workbench,
): Promise<{ readonly leftOut: MutantsMigration['leftOut']; readonly rest: MutantSetting; readonly first: FirstRun }> {
  const leftOut: { property: string; reason: string }[] = [];
  let rest = setting;
  const first = await runFirst(setting, setting.migration, bench);
  while (rest.stepwise.length + rest.special.length > 0 && !setting.plan.signal.aborted) {
    const results = await judge(rest, setting.migration, first.fresh, bench);
    const fallen = results.find(countsAsFailure);
    if (fallen === undefined) break;
    leftOut.push({ property: fallen.property, reason: fallen.reason });
    const without = (properties: readonly Property[]) => properties.filter(({ id }) => id !== fallen.property);
    rest = { ...rest, stepwise: without(rest.stepwise), special: without(rest.special) };
  }
  return { leftOut, rest, first };
}

/** Makes the function that judges mutants on a bench in the state before the migration. Null: the run was interrupted before it was decided. */
export function makeMutantJudge(
  setting: MutantSetting,
  original: FirstRun,
  bench: Workbench,
): (mutant: Mutant) => Promise<MutantResult | null> {
  return async (mutant) => {
    try {
      return await judgeMutant(setting, original, mutant, bench);
    } catch (thrown) {
      // What the user asks of the schema cannot be asked of this one: `verify` stops there as well.
      if (!(thrown instanceof PalindromeError) || thrown.kind !== 'usage') throw thrown;
      bench.left(null);
      const isInvariant = thrown.code === 'invariant-fails';
      return resultOf('killed', thrown.message, {
        property: isInvariant ? 'invariants-hold' : 'applies',
        clause: thrown.code,
      });
    }
  };
}

async function judgeMutant(
  setting: MutantSetting,
  original: FirstRun,
  mutant: Mutant,
  bench: Workbench,
): Promise<MutantResult | null> {
  const { plan, planned } = setting;
  const broken = await whyItDoesNotParse(mutant, planned);
  if (broken !== null) return resultOf('stillborn', `it does not parse: ${broken}`);
  const first = await runFirst(setting, mutant.migration, bench);
  const failed = (['up', 'down'] as const).find(
    (direction) => hasCompleted(original, direction) && !hasCompleted(first, direction),
  );
  if (failed !== undefined)
    return resultOf('stillborn', `its ${failed} fails without any data: ${toldBy(first[failed])}`);
  const results = await judge(setting, mutant.migration, first.fresh, bench);
  const fallen = results.find(countsAsFailure);
  if (fallen !== undefined) {
    const { property, clause, reason, cases } = fallen;
    return resultOf('killed', reason, { property, clause, cases });
  }
  if (plan.signal.aborted) return null;
  const cases = Math.max(0, ...results.map((result) => result.cases));
  if (cases === 0) {
    const why = results.find(({ verdict }) => verdict === 'inconclusive')?.reason;
    return resultOf('undecided', why ?? 'no property could be asked');
  }
  const compared = await findDifference(setting, mutant, bench);
  if (compared === 'interrupted') return null;
  if (compared === null)
    return resultOf('equivalent', 'it leaves the same catalog and data as its original on every case', { cases });
  const { moment, words } = compared;
  return {
    ...resultOf('survived', `${describeMoment(moment)}, ${words}; no property objects`, { cases }),
    advice: adviseOn(compared, mutant, planned),
  };
}

/** What a waiver or the baseline covers does not fail `verify`, so it catches nothing. */
function countsAsFailure({ verdict, accepted }: ReportResult): boolean {
  return verdict === 'falsified' && accepted === null;
}

async function whyItDoesNotParse(mutant: Mutant, { dialect }: PlannedSet): Promise<string | null> {
  const script = mutant.migration[mutant.direction];
  try {
    if (script !== null) await splitScript(script, dialect);
    return null;
  } catch (thrown) {
    if (thrown instanceof PalindromeError && thrown.kind === 'usage') return thrown.message;
    throw thrown;
  }
}

/** How the scripts of a migration end without generated rows. */
export interface FirstRun {
  readonly up: ScriptOutcome;
  /** Null where there is none, or the up did not get there. */
  readonly down: ScriptOutcome | null;
  /** The catalog after the up; null where it is not asked for, or the up did not get there. */
  readonly fresh: Catalog | null;
}

/** Up and down on the state without generated rows. */
async function runFirst(setting: MutantSetting, { up, down }: Migration, bench: Workbench): Promise<FirstRun> {
  const { planned, stepwise } = setting;
  const database = await bench.fresh();
  bench.left(null);
  const outcome = await database.execute(up, planned.limits);
  if (outcome.status !== 'completed') return { up: outcome, down: null, fresh: null };
  const fresh = stepwise.some(({ id }) => id === 'schema-parity') ? await readFresh(database) : null;
  const undone = down === null ? null : await database.execute(down, planned.limits);
  bench.left(await database.capture({ maxRowsPerTable, projections: [] }));
  return { up: outcome, down: undone, fresh };
}

function hasCompleted(run: FirstRun, direction: Direction): boolean {
  return run[direction]?.status === 'completed';
}

function toldBy(outcome: ScriptOutcome | null): string {
  if (outcome?.status === 'failed') return outcome.fault.message;
  return outcome?.status === 'timed-out' ? 'it does not end in time' : 'it is not reached';
}

async function judge(
  setting: MutantSetting,
  migration: Migration,
  fresh: Catalog | null,
  bench: Workbench,
): Promise<readonly ReportResult[]> {
  const { plan, planned, cluster, state, index, stepwise, special, runStartedMs } = setting;
  const migrations = planned.set.migrations.with(index, migration);
  return judgeState({
    plan,
    planned: { ...planned, set: { ...planned.set, migrations } },
    cluster,
    bench,
    state,
    migration,
    index,
    fresh,
    stepwise,
    special,
    generation: makeGenerationTally(),
    runStartedMs,
  });
}

/** Later writes hang on values little. */
const CASES_WITH_WRITES = 3;
/** A bound that is off by one shows on one value of many: such a mutant is called equivalent after this many times the cases. */
const DATA_EFFORT = 4;

/** The first difference from the original over all cases; the same rows go through both. */
async function findDifference(
  setting: MutantSetting,
  mutant: Mutant,
  bench: Workbench,
): Promise<RunDifference | null | 'interrupted'> {
  const { plan, planned, state, index, migration, runStartedMs } = setting;
  const { model } = state;
  const runnerOf = (own: Migration): RunCase =>
    makeCaseRunner({ planned, migration: own, index, model, bench, properties: [] });
  const [original, changed] = [runnerOf(migration), runnerOf(mutant.migration)];
  const seed = deriveSeed(plan.seed, planned.set.name, migration.name);
  const literals = [...new Set([...harvestLiterals(migration), ...harvestLiterals(mutant.migration)])];
  const mentioned = new Set(
    [migration.up, migration.down].flatMap((script) =>
      script === null ? [] : planned.dialect.mentionedTables(script, model),
    ),
  );
  const volatileColumns = new Set<string>();
  const walk = { until: 'after-down-again', isolated: false } as const;
  const cases = planned.cases * (mutant.operator.touches === 'data' ? DATA_EFFORT : 1);
  for (let at = 0; at < cases; at++) {
    if (plan.signal.aborted) return 'interrupted';
    const dataset = planned.source.generate({ model, seed, index: at, focus: focusOf(model, mentioned, at), literals });
    const one = await original(dataset, walk);
    if (one.unusable !== null) continue;
    const other = await changed(one.loaded, walk);
    let found = compareRuns(one, other, volatileColumns);
    if (found?.kind === 'data') {
      for (const column of await findVolatile(one, original, runStartedMs)) volatileColumns.add(column);
      found = compareRuns(one, other, volatileColumns);
    }
    if (found !== null) return found;
  }
  return findDifferenceAfterWrites(setting, mutant, bench, { seed, mentioned, literals });
}

/** What a down does to rows that came after the up: a guard that refuses to lose them shows nowhere else. */
async function findDifferenceAfterWrites(
  { plan, planned, state, index, migration }: MutantSetting,
  mutant: Mutant,
  bench: Workbench,
  {
    seed,
    mentioned,
    literals,
  }: { readonly seed: number; readonly mentioned: ReadonlySet<string>; readonly literals: readonly string[] },
): Promise<RunDifference | null | 'interrupted'> {
  if (migration.down === null || mutant.migration.down === null) return null;
  const { model } = state;
  const settingFor = (own: Migration): ScenarioCaseSetting => ({
    planned,
    migration: own,
    index,
    model,
    bench,
    properties: [],
    mentioned,
  });
  const original = makeScenarioRunner(laterWrites, settingFor(migration));
  const changed = makeScenarioRunner(laterWrites, settingFor(mutant.migration));
  for (let at = 0; at < CASES_WITH_WRITES; at++) {
    if (plan.signal.aborted) return 'interrupted';
    const dataset = planned.source.generate({ model, seed, index: at, focus: focusOf(model, mentioned, at), literals });
    const walk = { until: 'after-down', isolated: false } as const;
    const drawn = laterWrites.draw(settingOf(settingFor(migration)), seed, at);
    const one = await original(dataset, { ...walk, parameters: drawn });
    const parameters = one.parameters ?? null;
    if (one.unusable !== null || parameters === null) continue;
    const found = compareRuns(one, await changed(one.loaded, { ...walk, parameters }), new Set());
    if (found === null) continue;
    // What the original itself does not do twice (a clock, a number from a sequence) tells nothing of the mutant.
    if (compareRuns(one, await original(one.loaded, { ...walk, parameters }), new Set()) === null) return found;
  }
  return null;
}

/** Columns in which two runs of the original differ, or that it fills from the clock. */
async function findVolatile(one: CaseRun, original: RunCase, runStartedMs: number): Promise<readonly string[]> {
  const again = await original(one.loaded, { until: 'after-up', isolated: true });
  return findVolatileColumns(one.traces[0], again.traces[0], clockWindowSince(runStartedMs));
}

const MOMENT_WORDS: Readonly<Record<RunDifference['moment'], string>> = {
  before: 'before the up',
  'after-up': 'after the up',
  'after-writes': 'after later writes',
  'after-down': 'after the down',
  'after-reup': 'after the up that follows the down',
  'after-up-again': 'after a second up in a row',
  'after-last-down': 'after the last down',
  'after-down-again': 'after a second down in a row',
};

function describeMoment(moment: RunDifference['moment']): string {
  return MOMENT_WORDS[moment];
}

function resultOf(
  status: MutantResult['status'],
  reason: string,
  more: Partial<Pick<MutantResult, 'property' | 'clause' | 'cases'>> = {},
): MutantResult {
  return { status, property: null, clause: null, reason, cases: 0, advice: null, ...more };
}
