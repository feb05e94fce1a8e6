/**
 * Measuring a set's properties by mutants: each is judged as `verify` judges a migration, up to the first failure, on the state before
 * it. One cluster serves all; a state is built once. `judge-mutant.ts` decides about one mutant, `compare-runs.ts` tells equivalent ones.
 *
 * Its one invariant: a mutant counts as caught by what the original does not fail, and as a survivor only if it differs from it.
 */
import { firstFault, messageOf, PalindromeError } from '../../core/errors.ts';
import type { Cluster, Template } from '../../core/dialect.ts';
import { matchesGlob } from '../../core/glob.ts';
import { deriveSeed, sha256 } from '../../core/hash.ts';
import type { Migration } from '../../core/migration.ts';
import type { MutantsMigration, MutantsReport, MutantsSet, ReportMutant } from '../../core/mutants-report.ts';
import type { Property } from '../../core/property.ts';
import { chooseMutants } from '../../mutants/choose.ts';
import { findMutants, parseScript, type Mutant } from '../../mutants/mutants.ts';
import { findScenario } from '../../scenarios/registry.ts';
import { refuseBadInput, refuseWhatDoesNotParse } from '../check-input.ts';
import { describeState } from '../describe-state.ts';
import { countLanes } from '../lanes.ts';
import { makeRoles } from '../make-roles.ts';
import { requireModel } from '../parity.ts';
import { type CampaignPlan, isAsked, type PlannedSet } from '../plan.ts';
import { splitScript } from '../../core/split-script.ts';
import { openWorkbench } from '../workbench.ts';
import { countMutants, killersOf } from './count-mutants.ts';
import { makeMutantJudge, measureOriginal, type MutantSetting } from './judge-mutant.ts';
import { reportMutant } from './report-mutant.ts';

/** What is asked for beyond a plan of `verify`. */
export interface MutantsPlan extends Omit<CampaignPlan, 'emit' | 'effort' | 'untilFalsified' | 'kept' | 'store'> {
  /** Most mutants of a migration. */
  readonly max: number;
  /** In percent; null: none is asked for. */
  readonly minScore: number | null;
  onProgress(progress: MutantsProgress): void;
}

/** How far a run is. */
export interface MutantsProgress {
  readonly set: string;
  readonly migration: string;
  readonly done: number;
  readonly total: number;
}

interface Target {
  readonly migration: Migration;
  readonly index: number;
  readonly found: number;
  readonly chosen: readonly Mutant[];
  leftOut: MutantsMigration['leftOut'];
  /** By id of the mutant; those that are missing were not run. */
  readonly results: Map<string, ReportMutant>;
  /** Why the rest was not run. */
  whyNot: string;
}

interface Progress {
  readonly planned: PlannedSet;
  readonly targets: readonly Target[];
  engineVersion: string;
  provider: string;
  readonly notes: string[];
}

/**
 * Runs all mutants, or as many as come before an interrupt or a failure of the environment; the report says which.
 * Throws `PalindromeError` of kind `usage` where the input is wrong.
 */
export async function measureMutants(plan: MutantsPlan): Promise<MutantsReport> {
  const startedMs = Date.now();
  const all: Progress[] = [];
  for (const planned of plan.sets) {
    await refuseWhatDoesNotParse(planned);
    all.push({ planned, targets: await findTargets(plan, planned), engineVersion: '', provider: '', notes: [] });
  }
  const total = all.reduce(
    (sum, { targets }) => sum + targets.reduce((taken, { chosen }) => taken + chosen.length, 0),
    0,
  );
  let done = 0;
  let stopped = 'finished';
  for (const progress of all) {
    if (plan.signal.aborted) break;
    const onMutant = (migration: Migration) =>
      plan.onProgress({ set: progress.planned.set.name, migration: migration.name, done: done++, total });
    try {
      await measureSet(plan, progress, onMutant, startedMs);
    } catch (thrown) {
      const error = firstFault(thrown);
      if (!(error instanceof PalindromeError) || error.kind === 'usage') throw error;
      stopped = `${error.code}: ${messageOf(error)}${error.hint === undefined ? '' : ` (${error.hint})`}`;
      break;
    }
  }
  if (plan.signal.aborted) stopped = 'interrupted';
  return makeReport(plan, all, stopped, Date.now() - startedMs);
}

async function findTargets({ max, seed, only }: MutantsPlan, { set, dialect }: PlannedSet): Promise<readonly Target[]> {
  const targets: Target[] = [];
  for (const [index, migration] of set.migrations.entries()) {
    if (only !== null && !matchesGlob(only, migration.name)) continue;
    const found: Mutant[] = [];
    for (const direction of ['up', 'down'] as const) {
      const script = migration[direction];
      if (script === null) continue;
      // A down that does not parse is a verdict of `verify`; there is nothing to change in it.
      const statements = await splitScript(script, dialect).catch(() => []);
      found.push(...findMutants(migration, await parseScript(script, direction, dialect, statements)));
    }
    const chosen = chooseMutants(found, max, deriveSeed(seed, set.name, migration.name));
    targets.push({
      migration,
      index,
      found: found.length,
      chosen,
      leftOut: [],
      results: new Map(),
      whyNot: 'the run ended before it',
    });
  }
  return targets;
}

async function measureSet(
  plan: MutantsPlan,
  progress: Progress,
  onMutant: (migration: Migration) => void,
  runStartedMs: number,
): Promise<void> {
  const { planned, targets } = progress;
  if (targets.every(({ chosen }) => chosen.length === 0)) return;
  await using cluster = await planned.openCluster();
  await makeRoles(cluster, planned);
  progress.engineVersion = cluster.engine.version;
  progress.provider = cluster.engine.provider;
  const properties = plan.properties.filter((property) => isAsked(plan, property));
  if (properties.some(({ id }) => id === 'schema-parity')) await requireModel(planned);
  let template: Template | null = null;
  let key = '';
  const last = Math.max(...targets.map(({ index }) => index));
  for (const [index, migration] of planned.set.migrations.slice(0, last + 1).entries()) {
    const unmet = await unmetRequirements(planned, cluster, migration);
    if (unmet !== null) return giveUp(progress, index, unmet);
    const next = await advance(
      planned,
      cluster,
      migration,
      index,
      template,
      (key = sha256(`${key}\n${migration.up.sha256}`)),
    );
    const target = targets.find((each) => each.index === index);
    if (target !== undefined)
      await measureTarget({ plan, planned, cluster, template, runStartedMs, properties, target, onMutant });
    await template?.[Symbol.asyncDispose]();
    template = next;
    if (next === null) return giveUp(progress, index + 1, `${migration.name} fails even on the empty schema before it`);
    if (plan.signal.aborted) break;
  }
  await template?.[Symbol.asyncDispose]();
  progress.notes.push(...cluster.notes());
}

function giveUp({ targets }: Progress, from: number, why: string): void {
  for (const target of targets) if (target.index >= from) target.whyNot = why;
}

async function unmetRequirements(
  { dialect }: PlannedSet,
  cluster: Cluster,
  { up, down }: Migration,
): Promise<string | null> {
  const { extensions } = await dialect.requirements(down === null ? [up] : [up, down]);
  const unmet = await cluster.prepare({ extensions, roles: [] });
  return unmet.length === 0 ? null : unmet.join('; ');
}

/** The state after a migration without generated rows; null where it does not get there. */
async function advance(
  planned: PlannedSet,
  cluster: Cluster,
  migration: Migration,
  index: number,
  template: Template | null,
  key: string,
): Promise<Template | null> {
  const database = await (template === null ? cluster.create() : cluster.create(template));
  const outcome = await database.execute(migration.up, planned.limits);
  if (outcome.status === 'completed') return cluster.freeze(database, key);
  await database[Symbol.asyncDispose]();
  refuseBadInput(migration, outcome, index === 0);
  return null;
}

interface TargetRequest {
  readonly plan: MutantsPlan;
  readonly planned: PlannedSet;
  readonly cluster: Cluster;
  readonly template: Template | null;
  readonly runStartedMs: number;
  readonly properties: readonly Property[];
  readonly target: Target;
  readonly onMutant: (migration: Migration) => void;
}

async function measureTarget(request: TargetRequest): Promise<void> {
  const { plan, planned, cluster, template, runStartedMs, properties, target, onMutant } = request;
  if (target.chosen.length === 0) return;
  const { migration, index } = target;
  await using bench = openWorkbench(cluster, template);
  const state = await describeState(bench, index, template);
  const setting: MutantSetting = {
    plan: { ...plan, kept: null, store: NOWHERE, untilFalsified: true, effort: 'name', emit: () => undefined },
    // Mutants run side by side, so that the cases of one need not.
    planned: { ...planned, workers: 1, starting: null },
    cluster,
    state,
    migration,
    index,
    stepwise: properties.filter(({ scenario }) => scenario === 'standard'),
    special: properties.filter(({ scenario }) => findScenario(scenario) !== undefined),
    runStartedMs,
  };
  const { leftOut, rest, first } = await measureOriginal(setting, bench);
  target.leftOut = leftOut;
  if (plan.signal.aborted) return;
  if (rest.stepwise.length + rest.special.length === 0) {
    target.whyNot = 'the original falsifies every property that is asked';
    return;
  }
  const waiting = [...target.chosen];
  const lanes = countLanes(planned, index, index, 8 * waiting.length);
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      await using own = openWorkbench(cluster, template, true);
      const judge = makeMutantJudge(rest, first, own);
      for (let mutant = waiting.shift(); mutant !== undefined && !plan.signal.aborted; mutant = waiting.shift()) {
        onMutant(migration);
        const result = await judge(mutant);
        if (result !== null) target.results.set(mutant.id, reportMutant(mutant, result));
      }
    }),
  );
}

/** Failures of mutants are not kept: nobody would replay them. */
const NOWHERE: CampaignPlan['store'] = {
  shownAs: '',
  save: async () => ({ file: '', repro: '', history: null }),
};

function makeReport(plan: MutantsPlan, all: readonly Progress[], stopped: string, durationMs: number): MutantsReport {
  const sets = all.map(reportSet);
  const total = countMutants(
    sets.reduce((sum, { counts }) => sum + counts.found, 0),
    sets.flatMap(({ migrations }) => migrations.flatMap(({ mutants }) => mutants)),
  );
  return {
    format: 'palindrome-mutants/1',
    tool: { name: 'palindrome', version: plan.toolVersion },
    run: {
      verb: 'mutate',
      seed: plan.seed,
      cases: Math.max(0, ...plan.sets.map(({ cases }) => cases)),
      max: plan.max,
      minScore: plan.minScore,
      exitCode: exitCodeOf(plan, total, stopped),
      durationMs,
      stoppedBecause: stopped,
    },
    total,
    sets,
    limits: limitsOf(plan),
  };
}

/** 130 interrupted · 3 the environment failed · 1 a score was asked for and not reached · 4 no mutant was decided · else 0. */
function exitCodeOf(
  { minScore }: MutantsPlan,
  { score, taken, equivalent, stillborn }: MutantsReport['total'],
  stopped: string,
): number {
  if (stopped === 'interrupted') return 130;
  if (stopped !== 'finished') return 3;
  if (score === null) return taken > 0 && equivalent + stillborn === taken ? 0 : 4;
  return minScore !== null && score < minScore ? 1 : 0;
}

function limitsOf({ only, propertyIds, max }: MutantsPlan): readonly string[] {
  return [
    'Each mutant was judged on its own migration alone: what only a later migration or the whole chain would show was not looked for.',
    `Of each migration at most ${max} mutants were taken.`,
    ...(only === null ? [] : [`Only migrations that match ${only} were changed.`]),
    ...(propertyIds === null ? [] : [`Only these properties were asked: ${propertyIds.join(', ')}.`]),
  ];
}

function reportSet({ planned: { set }, targets, engineVersion, provider, notes }: Progress): MutantsSet {
  const migrations = targets.map(reportTarget);
  const { name, path, layout, dialect } = set;
  const counts = countMutants(
    migrations.reduce((sum, each) => sum + each.counts.found, 0),
    migrations.flatMap(({ mutants }) => mutants),
  );
  return { name, path, layout, dialect, engineVersion, provider, notes: [...set.notes, ...notes], counts, migrations };
}

function reportTarget({ migration, found, chosen, leftOut, results, whyNot }: Target): MutantsMigration {
  const mutants = chosen.map(
    (mutant) =>
      results.get(mutant.id) ??
      reportMutant(mutant, { status: 'not-run', property: null, clause: null, reason: whyNot, cases: 0, advice: null }),
  );
  return {
    id: migration.id,
    name: migration.name,
    upFile: migration.up.file,
    downFile: migration.down?.file ?? null,
    upSha256: migration.up.sha256,
    downSha256: migration.down?.sha256 ?? null,
    counts: countMutants(found, mutants),
    leftOut,
    killedBy: killersOf(mutants),
    mutants,
  };
}
