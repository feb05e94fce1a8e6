/**
 * Running stored counterexamples again. It fails closed: where the schema no longer takes the rows, or not all of them, the outcome is `stale`,
 * never `fixed`. Rows of an older schema are brought to that of today as far as that goes, and what was done to them is told.
 */
import type { Counterexample, ReplayOutcome } from '../core/counterexample.ts';
import { countRows } from '../core/dataset.ts';
import type { Cluster, Template } from '../core/dialect.ts';
import { messageOf, PalindromeError } from '../core/errors.ts';
import { sha256 } from '../core/hash.ts';
import type { Migration } from '../core/migration.ts';
import type { Finding, Property } from '../core/property.ts';
import { count } from '../core/text.ts';
import { type ChainStart, lossyColumns, makeChainRunner } from './chain.ts';
import { describeState } from './describe-state.ts';
import { describeSteps } from './describe-steps.ts';
import { judgeTraces } from './judge.ts';
import { keepDatabase } from './keep-database.ts';
import type { KeptDatabase, PlannedSet } from './plan.ts';
import { findScenario } from '../scenarios/registry.ts';
import { makeLedgerRunner } from './ledger.ts';
import { parityFrom } from './parity.ts';
import { makeRoles } from './make-roles.ts';
import { rebaseDataset } from './rebase.ts';
import { reproOf } from './repro.ts';
import { makeCaseRunner } from './run-case.ts';
import { makeScenarioRunner } from './run-scenario.ts';
import { type CaseRun, contextOf, type Subject } from './subject.ts';
import { openWorkbench } from './workbench.ts';

/** An early case: its values are small, and enough of them differ. */
const FILLING_CASE = 3;

interface ReplayRequest {
  readonly example: Counterexample;
  /** Where the database is to be left up after the scenario; null: nowhere. */
  readonly kept: KeptDatabase | null;
  /** Receives a line for each step as it is known. */
  narrate(line: string): void;
}

/** How a replay ended. */
export interface Replayed {
  readonly outcome: ReplayOutcome;
  /** The script for the database's own shell, as the set is today; null where nothing was run. */
  readonly repro: string | null;
}

/** Replays counterexamples of one set, one after another, against the set as it is today. */
export interface Replayer extends AsyncDisposable {
  /** Faults of the environment throw. */
  replay(request: ReplayRequest): Promise<Replayed>;
}

interface Replaying {
  readonly planned: PlannedSet;
  readonly properties: readonly Property[];
  cluster: Cluster | null;
  /** Schema states by the number of migrations that ran: each is built once. */
  readonly states: Map<number, Promise<BuiltState>>;
}

type BuiltState = { readonly start: ChainStart; readonly template: Template } | { readonly failed: string };

/** Starts nothing before the first replay. */
export function openReplayer(planned: PlannedSet, properties: readonly Property[]): Replayer {
  const replaying: Replaying = { planned, properties, cluster: null, states: new Map() };
  return {
    replay: (request) => replayOne(replaying, request),
    async [Symbol.asyncDispose]() {
      await replaying.cluster?.[Symbol.asyncDispose]();
    },
  };
}

async function replayOne(replaying: Replaying, request: ReplayRequest): Promise<Replayed> {
  const { example } = request;
  const property = replaying.properties.find(({ id }) => id === example.property);
  if (property === undefined)
    return ended({ status: 'error', reason: `this version has no property ${example.property}` });
  const isOurs = /^(standard|chain|ledger)(:|$)/.test(example.scenario);
  if (!isOurs && findScenario(example.scenario) === undefined)
    return ended({ status: 'error', reason: `this version has no scenario ${example.scenario}` });
  const { migrations } = replaying.planned.set;
  const at = migrations.findIndex(({ name }) => name === example.migration.name);
  const migration = migrations[at];
  if (migration === undefined)
    return ended({ status: 'stale', reason: `the set no longer has ${example.migration.name}` });
  const changed = changedFiles(example, migrations, at);
  for (const file of changed) request.narrate(`changed since it was recorded: ${file}`);
  try {
    const cluster = (replaying.cluster ??= await openClusterOf(replaying.planned));
    const target = { property, migration, applied: appliedBefore(example, at), changed };
    return await replayOn(replaying, cluster, request, target);
  } catch (error) {
    if (error instanceof PalindromeError && error.kind === 'environment') throw error;
    return ended({ status: 'error', reason: messageOf(error) });
  }
}

function ended(outcome: ReplayOutcome): Replayed {
  return { outcome, repro: null };
}

async function openClusterOf(planned: PlannedSet): Promise<Cluster> {
  const cluster = await planned.openCluster();
  try {
    await makeRoles(cluster, planned);
    return cluster;
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
    throw error;
  }
}

interface Target {
  readonly property: Property;
  readonly migration: Migration;
  /** Migrations that ran before the rows were loaded. */
  readonly applied: number;
  readonly changed: readonly string[];
}

async function replayOn(
  replaying: Replaying,
  cluster: Cluster,
  request: ReplayRequest,
  target: Target,
): Promise<Replayed> {
  const { example } = request;
  const { planned } = replaying;
  const runStartedMs = Date.now();
  const { migration, property, changed, applied } = target;
  const built = await stateAt(replaying, cluster, applied);
  if ('failed' in built) return ended({ status: 'stale', reason: built.failed });
  const { template, start } = built;
  const { model } = start;
  await using bench = openWorkbench(cluster, template);
  const isChain = example.scenario.startsWith('chain');
  const mentioned = new Set(
    [migration.up, migration.down].flatMap((script) =>
      script === null ? [] : planned.dialect.mentionedTables(script, model),
    ),
  );
  const scenario = findScenario(example.scenario);
  const setting = { planned, migration, index: applied, model, bench, properties: [property], mentioned };
  const parity = property.id === 'schema-parity' ? await parityFrom(cluster, planned, migration, template) : null;
  const subject: Subject = {
    ...setting,
    schemaFingerprint: start.schemaFingerprint,
    ...(scenario === undefined ? {} : { scenario }),
    ...(parity === null ? {} : { parity }),
    runCase: isChain
      ? makeChainRunner(planned, start, bench)
      : example.scenario.startsWith('ledger')
        ? makeLedgerRunner(planned, start, bench)
        : scenario === undefined
          ? makeCaseRunner(setting)
          : makeScenarioRunner(scenario, setting),
  };
  const rebased = rebase(example, subject, request);
  request.narrate(`load ${count(countRows(rebased.dataset), 'row')} before ${migration.name}`);
  const run = await subject.runCase(rebased.dataset, {
    until: property.needs,
    isolated: true,
    parameters: example.parameters ?? null,
  });
  for (const step of run.traces.flatMap(describeSteps).slice(1)) request.narrate(step);
  await keepDatabase(request.kept, bench, (message) => request.narrate(message));
  const repro = reproOf(subject, { ...example, dataset: rebased.dataset }, run.traces);
  const stale = whyStale(run);
  if (stale !== null) return { outcome: { status: 'stale', reason: stale }, repro };
  const volatileColumns = isChain ? lossyColumns(model, planned.set.migrations.slice(applied)) : new Set<string>();
  const finding = findFailure(
    example,
    judgeTraces(property, run.traces, contextOf(subject, volatileColumns, runStartedMs)),
  );
  const common = { changed, rebased: rebased.changes };
  if (finding !== null) return { outcome: { status: 'still-fails', finding, ...common }, repro };
  if (!rebased.isWhole)
    return { outcome: { status: 'stale', reason: `it holds without them, but ${rebased.changes.join('; ')}` }, repro };
  return { outcome: { status: 'fixed', ...common }, repro };
}

/** The rows as the schema of today can take them. */
function rebase(example: Counterexample, { model, planned, schemaFingerprint }: Subject, request: ReplayRequest) {
  if (schemaFingerprint === example.schemaFingerprint) return { dataset: example.dataset, changes: [], isWhole: true };
  request.narrate('the schema before the migration is no longer the one that was recorded');
  const { source } = planned;
  const rebased = rebaseDataset(example.dataset, model, (table, column) => {
    const asked = { model, seed: example.seed, index: FILLING_CASE, focus: [table], literals: [] };
    const generated = source.generate(asked).tables.find((entry) => entry.table === table);
    const at = generated?.columns.indexOf(column) ?? -1;
    return at === -1 ? [] : (generated?.rows.map((row) => row[at] ?? null) ?? []);
  });
  for (const change of rebased.changes) request.narrate(`brought to the schema of today: ${change}`);
  return rebased;
}

/** The recorded clause, whichever object it fails on now. */
function findFailure(example: Counterexample, judgement: ReturnType<typeof judgeTraces>): Finding | null {
  if (judgement.status !== 'falsified') return null;
  return judgement.findings.find(({ clause }) => clause === example.clause) ?? null;
}

/** Rows that the schema refuses, or that break an invariant before the migration runs, prove nothing. */
function whyStale(run: CaseRun): string | null {
  if (run.unusable !== null) return `the rows are no longer legal: ${run.unusable}`;
  const [refusal] = run.refused;
  return refusal === undefined
    ? null
    : `the schema before the migration no longer takes a row of ${refusal.table}: ${refusal.fault.message}`;
}

/** The state in which the first `applied` migrations have run. */
function stateAt(replaying: Replaying, cluster: Cluster, applied: number): Promise<BuiltState> {
  const known = replaying.states.get(applied);
  if (known !== undefined) return known;
  const building = buildState(replaying, cluster, applied);
  replaying.states.set(applied, building);
  return building;
}

/** Goes on from the nearest state that is there already. */
async function buildState({ planned, states }: Replaying, cluster: Cluster, applied: number): Promise<BuiltState> {
  const nearest = Math.max(0, ...[...states.keys()].filter((at) => at < applied));
  const from = await states.get(nearest);
  if (from !== undefined && 'failed' in from) return from;
  const { migrations } = planned.set;
  const database = await cluster.create(from?.template);
  for (const migration of migrations.slice(nearest, applied)) {
    const outcome = await database.execute(migration.up, planned.limits);
    if (outcome.status === 'completed') continue;
    await database[Symbol.asyncDispose]();
    return { failed: `${migration.name}, before it, no longer applies` };
  }
  const before = migrations.slice(0, applied).map(({ up }) => up.sha256);
  const template = await cluster.freeze(database, `replay-${sha256(before.join('\n'))}`);
  await using bench = openWorkbench(cluster, template);
  return { template, start: await describeState(bench, applied, template) };
}

/** A chain, or a set through the ledger, starts where it was recorded to start, as long as the set is long enough. */
function appliedBefore(example: Counterexample, at: number): number {
  const start = /^(?:chain|ledger):(\d+)$/.exec(example.scenario)?.[1];
  return start === undefined ? at : Math.min(Number(start), at);
}

function changedFiles(example: Counterexample, migrations: readonly Migration[], at: number): readonly string[] {
  const migration = migrations[at];
  if (migration === undefined) return [];
  const before = migrations
    .slice(0, example.before.length)
    .filter(({ up }, position) => up.sha256 !== example.before[position]);
  const changed = before.map(({ up }) => up.file);
  if (migration.up.sha256 !== example.migration.upSha256) changed.push(migration.up.file);
  if ((migration.down?.sha256 ?? null) !== example.migration.downSha256)
    changed.push(migration.down?.file ?? `${migration.name} (down)`);
  return changed;
}
