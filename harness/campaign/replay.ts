/**
 * Running a stored counterexample again. It fails closed: where the schema no longer takes the rows, the outcome is `stale`, never `fixed`.
 */
import type { Counterexample, ReplayOutcome } from '../core/counterexample.ts';
import { countRows } from '../core/dataset.ts';
import type { Cluster, Database, Template } from '../core/dialect.ts';
import { messageOf, PalindromeError } from '../core/errors.ts';
import { sha256 } from '../core/hash.ts';
import type { Migration } from '../core/migration.ts';
import type { Finding, Property } from '../core/property.ts';
import { count } from '../core/text.ts';
import { lossyColumns, makeChainRunner } from './chain.ts';
import { describeSteps } from './describe-steps.ts';
import { judgeTraces } from './judge.ts';
import { keepDatabase } from './keep-database.ts';
import type { KeptDatabase, PlannedSet } from './plan.ts';
import { findScenario } from '../scenarios/registry.ts';
import { makeLedgerRunner } from './ledger.ts';
import { parityFrom } from './parity.ts';
import { makeRoles } from './make-roles.ts';
import { makeCaseRunner } from './run-case.ts';
import { makeScenarioRunner } from './run-scenario.ts';
import { type CaseRun, contextOf, maxRowsPerTable, type Subject } from './subject.ts';
import { openWorkbench } from './workbench.ts';

export interface ReplayRequest {
  readonly example: Counterexample;
  readonly planned: PlannedSet;
  readonly properties: readonly Property[];
  /** Where the database is to be left up after the scenario; null: nowhere. */
  readonly kept: KeptDatabase | null;
  /** Receives a line for each step as it is known. */
  narrate(line: string): void;
}

/** Replays a counterexample against the set as it is today. Faults of the environment throw. */
export async function replayCounterexample(request: ReplayRequest): Promise<ReplayOutcome> {
  const { example, planned } = request;
  const property = request.properties.find(({ id }) => id === example.property);
  if (property === undefined) return { status: 'error', reason: `this version has no property ${example.property}` };
  const isOurs = /^(standard|chain|ledger)(:|$)/.test(example.scenario);
  if (!isOurs && findScenario(example.scenario) === undefined)
    return { status: 'error', reason: `this version has no scenario ${example.scenario}` };
  const { migrations } = planned.set;
  const at = migrations.findIndex(({ name }) => name === example.migration.name);
  const migration = migrations[at];
  if (migration === undefined) return { status: 'stale', reason: `the set no longer has ${example.migration.name}` };
  const changed = changedFiles(example, migrations, at);
  for (const file of changed) request.narrate(`changed since it was recorded: ${file}`);
  try {
    await using cluster = await planned.openCluster();
    return await replayOn(cluster, request, { property, migration, applied: appliedBefore(example, at), changed });
  } catch (error) {
    if (error instanceof PalindromeError && error.kind === 'environment') throw error;
    return { status: 'error', reason: messageOf(error) };
  }
}

interface Target {
  readonly property: Property;
  readonly migration: Migration;
  /** Migrations that ran before the rows were loaded. */
  readonly applied: number;
  readonly changed: readonly string[];
}

async function replayOn(cluster: Cluster, request: ReplayRequest, target: Target): Promise<ReplayOutcome> {
  const { example, planned } = request;
  const runStartedMs = Date.now();
  const built = await buildSchema(cluster, planned, target.applied);
  if ('failed' in built) return { status: 'stale', reason: built.failed };
  const { template, database } = built;
  const model = await database.introspect();
  const { catalog } = await database.capture({ maxRowsPerTable, projections: [] });
  await database[Symbol.asyncDispose]();
  await using bench = openWorkbench(cluster, template);
  const isChain = example.scenario.startsWith('chain');
  const { migration, property, changed } = target;
  const start = { applied: target.applied, template, model, schemaFingerprint: catalog.fingerprint };
  const index = target.applied;
  const mentioned = new Set(
    [migration.up, migration.down].flatMap((script) =>
      script === null ? [] : planned.dialect.mentionedTables(script, model),
    ),
  );
  const scenario = findScenario(example.scenario);
  const setting = { planned, migration, index, model, bench, properties: [property], mentioned };
  const parity = property.id === 'schema-parity' ? await parityFrom(cluster, planned, migration, template) : null;
  const subject: Subject = {
    planned,
    migration,
    index,
    model,
    mentioned,
    schemaFingerprint: catalog.fingerprint,
    properties: [property],
    bench,
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
  if (catalog.fingerprint !== example.schemaFingerprint)
    request.narrate('the schema before the migration is no longer the one that was recorded');
  request.narrate(`load ${count(countRows(example.dataset), 'row')} before ${migration.name}`);
  const run = await subject.runCase(example.dataset, {
    until: property.needs,
    isolated: true,
    parameters: example.parameters ?? null,
  });
  for (const step of run.traces.flatMap(describeSteps).slice(1)) request.narrate(step);
  await keepDatabase(request.kept, bench, (message) => request.narrate(message));
  const stale = whyStale(run);
  if (stale !== null) return { status: 'stale', reason: stale };
  const volatileColumns = isChain
    ? lossyColumns(model, planned.set.migrations.slice(target.applied))
    : new Set<string>();
  const finding = findFailure(
    example,
    judgeTraces(property, run.traces, contextOf(subject, volatileColumns, runStartedMs)),
  );
  return finding === null ? { status: 'fixed', changed } : { status: 'still-fails', finding, changed };
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

async function buildSchema(
  cluster: Cluster,
  planned: PlannedSet,
  applied: number,
): Promise<{ template: Template; database: Database } | { failed: string }> {
  await makeRoles(cluster, planned);
  const database = await cluster.create();
  let key = '';
  for (const migration of planned.set.migrations.slice(0, applied)) {
    const outcome = await database.execute(migration.up, planned.limits);
    if (outcome.status !== 'completed') return { failed: `${migration.name}, before it, no longer applies` };
    key = sha256(`${key}\n${migration.up.sha256}`);
  }
  const template = await cluster.freeze(database, `replay-${key}`);
  return { template, database: await cluster.create(template) };
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
