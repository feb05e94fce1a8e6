/**
 * One set, stepwise: each migration is judged from the state that the ones before it left, which is built once and cloned.
 */
import type { Catalog } from '../core/catalog.ts';
import type { Cluster, Template } from '../core/dialect.ts';
import { sha256 } from '../core/hash.ts';
import type { Migration } from '../core/migration.ts';
import type { Property } from '../core/property.ts';
import type { ReportMigration, ReportResult, ReportSet } from '../core/report.ts';
import { advance, unmetRequirements } from './advance.ts';
import { expiryNote, summariseBaseline, summariseWaivers } from './accept.ts';
import { chainStarts, type ChainStart } from './chain.ts';
import { refuseBadInput, refuseWhatDoesNotParse } from './check-input.ts';
import { type GenerationTally, makeGenerationTally } from './generation.ts';
import { describeState } from './describe-state.ts';
import { judgeChain } from './judge-chain.ts';
import { judgeLedger, withLedger } from './judge-ledger.ts';
import { ledgerStarts } from './ledger.ts';
import { missingFunction } from './judge.ts';
import { judgeState } from './judge-state.ts';
import { requireModel } from './parity.ts';
import { type CampaignPlan, isAsked, type PlannedSet } from './plan.ts';
import { findScenario } from '../scenarios/registry.ts';
import { makeRoles } from './make-roles.ts';
import { isSelected } from './selection.ts';
import { prepareStartingCases, withStartingCase, type StartingCases } from './starting-cases.ts';
import { throttle } from './throttle.ts';
import { isFirstLook, keptNotes, keyOfMigration, keyOfSet, letGo, recall, recallResults } from './warm.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

/** What a set's run collects: kept outside so that a report can be made of what was done when the environment fails. */
export interface SetProgress {
  readonly planned: PlannedSet;
  readonly runStartedMs: number;
  engineVersion: string;
  provider: string;
  readonly notes: string[];
  readonly migrations: ReportMigration[];
  readonly generation: GenerationTally;
  readonly generatorLimits: Map<string, string>;
  starting: StartingCases | null;
}

/** Starts collecting. */
export function makeSetProgress(planned: PlannedSet, runStartedMs: number): SetProgress {
  return {
    planned,
    runStartedMs,
    engineVersion: '',
    provider: '',
    notes: [...planned.set.notes],
    migrations: [],
    generation: makeGenerationTally(),
    generatorLimits: new Map(),
    starting: null,
  };
}

/** The set's part of the report, as far as it came. */
export function reportSet(progress: SetProgress): ReportSet {
  const { set } = progress.planned;
  return {
    name: set.name,
    path: set.path,
    layout: set.layout,
    dialect: set.dialect,
    engineVersion: progress.engineVersion,
    provider: progress.provider,
    notes: progress.notes,
    migrations: progress.migrations,
    generation: progress.generation.summarise(
      [...progress.generatorLimits].map(([table, reason]) => ({ table, reason })),
    ),
    dataset: progress.starting?.report ?? null,
    waivers: summariseWaivers(progress.planned, progress.migrations, progress.runStartedMs),
    baseline: summariseBaseline(progress.planned, progress.migrations),
  };
}

interface SetRun {
  readonly plan: CampaignPlan;
  readonly progress: SetProgress;
  readonly cluster: Cluster;
  readonly runStartedMs: number;
  /** Those of the standard trajectory. */
  readonly stepwise: readonly Property[];
  /** Those of scenarios of their own. */
  readonly special: readonly Property[];
  /** `chain-unwinds`, where it is wanted. */
  readonly chain: Property | undefined;
}

/** Judges a set from its first migration to its last, then its whole chain. */
export async function runSet(plan: CampaignPlan, progress: SetProgress, runStartedMs: number): Promise<void> {
  const { planned } = progress;
  await refuseWhatDoesNotParse(planned);
  await using cluster = await planned.openCluster();
  await makeRoles(cluster, planned);
  progress.engineVersion = cluster.engine.version;
  progress.provider = cluster.engine.provider;
  plan.emit({
    type: 'set-started',
    set: planned.set,
    engine: cluster.engine,
    casesPerMigration: planned.cases,
    why: planned.providerReason,
  });
  if (planned.starting !== null)
    progress.starting = await prepareStartingCases({
      planned,
      starting: planned.starting,
      cluster,
      signal: plan.signal,
    });
  const wanted = plan.properties.filter((property) => isAsked(plan, property));
  const chain = wanted.find(({ scenario }) => scenario === 'chain');
  const stepwise = wanted.filter(({ scenario }) => scenario === 'standard');
  const special = wanted.filter(({ scenario }) => findScenario(scenario) !== undefined);
  if (stepwise.some(({ id }) => id === 'schema-parity')) await requireModel(planned);
  const run = { plan, progress, cluster, runStartedMs, stepwise, special, chain };
  const starts = await walkForward(run, chain !== undefined);
  if (chain !== undefined && starts !== null) {
    const from = new Set(chainStarts(planned.set.migrations));
    await appendChain(
      run,
      chain,
      starts.filter(({ applied }) => from.has(applied)),
    );
  }
  for (const { template } of starts ?? []) await letGo(planned, template);
  const unknown = planned.source.unknownNames();
  if (unknown.length > 0)
    progress.notes.push(`datasets name what no state before a migration has: ${unknown.join(', ')}`);
  progress.notes.push(...cluster.notes().filter((note) => !progress.notes.includes(note)), ...keptNotes(planned));
  plan.emit({ type: 'set-finished', set: reportSet(progress) });
}

/** Judges each migration and moves on. Returns the states from which the chain is walked, and others that are kept; null where the end was not reached. */
async function walkForward(run: SetRun, wantsChain: boolean): Promise<readonly ChainStart[] | null> {
  const { set } = run.progress.planned;
  const chainAt = new Set(wantsChain ? chainStarts(set.migrations) : []);
  const isLooking = isFirstLook(run.progress.planned);
  const ledgerAt = new Set(isLooking || ledgerProperty(run) === undefined ? [] : ledgerStarts(set.migrations));
  const lastSelected = set.migrations.findLastIndex((each) => isSelected(run.plan, run.progress.planned, each));
  const starts: ChainStart[] = [];
  let template: Template | null = null;
  let key = '';
  for (const [index, migration] of set.migrations.entries()) {
    run.plan.emit({
      type: 'migration-started',
      set: set.name,
      migration: migration.name,
      index,
      total: set.migrations.length,
    });
    const unmet = await unmetRequirements(run.progress.planned, run.cluster, migration);
    if (unmet !== null) {
      giveUp(run, index, 'inapplicable', unmet);
      return null;
    }
    const { planned } = run.progress;
    const before = key;
    key = sha256(`${key}\n${migration.up.sha256}\n${migration.up.transaction}`);
    await using bench = openWorkbench(run.cluster, template);
    const state = await recall(planned.warm, 'states', before, () => describeState(bench, index, template));
    for (const { table, reason } of run.progress.planned.source.limits(state.model))
      run.progress.generatorLimits.set(table, reason);
    const wantsCatalog = run.stepwise.some(({ id }) => id === 'schema-parity');
    const next = await recall(
      planned.warm,
      'next',
      key,
      () => advance({ planned, cluster: run.cluster, bench, migration, key, wantsCatalog }),
      (made) => made.template !== null,
    );
    const unregistered = missingFunction(next.outcome);
    if (unregistered !== null) {
      giveUp(run, index, 'inconclusive', unregistered);
      return null;
    }
    if (next.template === null) refuseBadInput(migration, next.outcome, index === 0);
    if (chainAt.has(index) || ledgerAt.has(index)) starts.push(state);
    const isWhole = next.template !== null && index === set.migrations.length - 1;
    const ledger = isWhole ? starts.filter(({ applied }) => ledgerAt.has(applied)) : [];
    await judgeOne(run, bench, state, migration, index, next.fresh, ledger, before);
    if (!chainAt.has(index) && !ledgerAt.has(index)) await letGo(planned, template);
    if (isLooking && index >= lastSelected) return null;
    if (next.template === null) {
      giveUp(
        run,
        index + 1,
        'inconclusive',
        `it cannot be reached: ${migration.name} fails even on the empty schema before it`,
      );
      return null;
    }
    template = next.template;
    if (run.plan.signal.aborted) {
      giveUp(run, index + 1, 'inconclusive', 'the run was interrupted before it');
      return null;
    }
  }
  await letGo(run.progress.planned, template);
  return starts;
}

async function judgeOne(
  run: SetRun,
  bench: Workbench,
  state: ChainStart,
  migration: Migration,
  index: number,
  fresh: Catalog | null,
  ledgerFrom: readonly ChainStart[],
  stateKey: string,
): Promise<void> {
  const { plan, progress, cluster, runStartedMs, stepwise, special } = run;
  const { planned } = progress;
  if (!isSelected(plan, planned, migration)) return;
  const startedMs = Date.now();
  const starting = progress.starting?.byMigration.get(index);
  const results = await recallResults(planned, keyOfMigration(stateKey, migration), migration.name, plan.signal, () =>
    judgeState({
      plan,
      planned: starting === undefined ? planned : withStartingCase(planned, starting),
      cluster,
      bench,
      state,
      migration,
      index,
      fresh,
      stepwise,
      special,
      generation: progress.generation,
      runStartedMs,
    }),
  );
  const property = ledgerProperty(run);
  const request = { plan, planned, cluster, engine: cluster.engine, runStartedMs, starts: ledgerFrom };
  const [ledger = null] =
    property === undefined || ledgerFrom.length === 0
      ? []
      : await recallResults(planned, keyOfSet(planned.set, 'ledger'), migration.name, plan.signal, async () => {
          const result = await judgeLedger({ ...request, property });
          return result === null ? [] : [result];
        });
  const noted = withLedger(results, ledger).map((result) => withExpiryNote(run, migration, result));
  finishMigration(run, migration, noted, Date.now() - startedMs);
}

/** The property that asks whether the whole set can be run again through a ledger; undefined where it is not wanted. */
function ledgerProperty({ stepwise }: SetRun): Property | undefined {
  return stepwise.find(({ clauses }) => clauses.some(({ id }) => id === 'ledger'));
}

/** The result with the word that its waiver has ended, where one has. */
export function withExpiryNote(
  { progress, runStartedMs }: Pick<SetRun, 'progress' | 'runStartedMs'>,
  migration: Migration,
  result: ReportResult,
): ReportResult {
  if (result.verdict !== 'falsified' || result.accepted !== null) return result;
  const note = expiryNote(progress.planned, migration, result, runStartedMs);
  return note === null ? result : { ...result, notes: [...result.notes, note] };
}

async function appendChain(run: SetRun, property: Property, starts: readonly ChainStart[]): Promise<void> {
  const { plan, progress, cluster, runStartedMs } = run;
  const { planned } = progress;
  const last = planned.set.migrations.at(-1);
  if (last === undefined || !isSelected(plan, planned, last)) return;
  const startedMs = Date.now();
  const progressed = throttle();
  const judged = await recallResults(planned, keyOfSet(planned.set, 'chain'), last.name, plan.signal, () =>
    judgeChain({
      plan,
      planned,
      cluster,
      engine: cluster.engine,
      property,
      starts,
      runStartedMs,
      onProgress: (casesDone, casesPlanned) =>
        progressed(() =>
          plan.emit({
            type: 'progress',
            set: planned.set.name,
            migration: last.name,
            casesDone,
            casesPlanned,
            phase: 'checking',
          }),
        ),
    }),
  );
  const results = judged.map((result) => withExpiryNote(run, last, result));
  const at = progress.migrations.findIndex(({ name }) => name === last.name);
  const known = progress.migrations[at];
  for (const result of results) plan.emit({ type: 'result', set: planned.set.name, migration: last.name, result });
  if (known === undefined) finishMigration(run, last, results, Date.now() - startedMs);
  else
    progress.migrations[at] = {
      ...known,
      durationMs: known.durationMs + Date.now() - startedMs,
      results: [...known.results, ...results],
    };
}

function finishMigration(
  { plan, progress }: SetRun,
  migration: Migration,
  results: readonly ReportResult[],
  durationMs: number,
): void {
  const { set } = progress.planned;
  const report = reportMigration(migration, set.migrations.indexOf(migration) + 1, results, durationMs);
  progress.migrations.push(report);
  for (const result of results) plan.emit({ type: 'result', set: set.name, migration: migration.name, result });
  plan.emit({ type: 'migration-finished', set: set.name, migration: report });
}

/** Gives every migration from `index` on the same verdict: none of them can be judged. */
function giveUp(run: SetRun, index: number, verdict: 'inconclusive' | 'inapplicable', reason: string): void {
  const { plan, progress, chain } = run;
  const stepwise = [...run.stepwise, ...run.special];
  const { migrations } = progress.planned.set;
  for (const migration of migrations.slice(index)) {
    if (!isSelected(plan, progress.planned, migration)) continue;
    const asked = migration === migrations.at(-1) && chain !== undefined ? [...stepwise, chain] : stepwise;
    const results = asked.map(({ id }) => unjudged(id, verdict, reason));
    finishMigration(run, migration, results, 0);
  }
}

/** The result of a property that no case judged. */
export function unjudged(property: string, verdict: 'inconclusive' | 'inapplicable', reason: string): ReportResult {
  return {
    property,
    clause: null,
    verdict,
    cases: 0,
    rows: 0,
    discarded: 0,
    reason,
    notes: [],
    objects: [],
    accepted: null,
    counterexample: null,
  };
}

/** A migration as a report lists it. */
export function reportMigration(
  migration: Migration,
  position: number,
  results: readonly ReportResult[],
  durationMs: number,
): ReportMigration {
  return {
    position,
    id: migration.id,
    name: migration.name,
    upFile: migration.up.file,
    downFile: migration.down?.file ?? null,
    upSha256: migration.up.sha256,
    downSha256: migration.down?.sha256 ?? null,
    durationMs,
    results,
  };
}
