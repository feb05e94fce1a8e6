/**
 * All properties of one migration, judged on the state before it: the standard trajectory, then scenarios of their own.
 */
import type { Catalog } from '../core/catalog.ts';
import type { Cluster, Dialect } from '../core/dialect.ts';
import type { Migration } from '../core/migration.ts';
import type { Property } from '../core/property.ts';
import type { ReportResult } from '../core/report.ts';
import type { ChainStart } from './chain.ts';
import { requireDeclaredNames } from './check-input.ts';
import type { GenerationTally } from './generation.ts';
import { judgeMigration, type MigrationRequest } from './judge-migration.ts';
import { judgeScenario } from './judge-scenario.ts';
import { countLanes, openMoreLanes } from './lanes.ts';
import { parityAfter } from './parity.ts';
import type { CampaignPlan, PlannedSet } from './plan.ts';
import { makeCaseRunner } from './run-case.ts';
import { makeScenarioRunner, type ScenarioCaseSetting, settingOf } from './run-scenario.ts';
import { findScenario } from '../scenarios/registry.ts';
import type { Subject } from './subject.ts';
import { throttle } from './throttle.ts';
import type { Workbench } from './workbench.ts';

export interface StateRequest {
  readonly plan: CampaignPlan;
  readonly planned: PlannedSet;
  readonly cluster: Cluster;
  /** In the state before the migration. */
  readonly bench: Workbench;
  readonly state: ChainStart;
  readonly migration: Migration;
  /** Position of the migration in its set, from 0. */
  readonly index: number;
  /** The catalog after U alone; null where `schema-parity` is not asked or U fails there. */
  readonly fresh: Catalog | null;
  /** Properties of the standard trajectory, and those of scenarios of their own. */
  readonly stepwise: readonly Property[];
  readonly special: readonly Property[];
  readonly generation: GenerationTally;
  readonly runStartedMs: number;
}

/** Judges a migration. The results stand in the order of the properties, stepwise ones first. */
export async function judgeState(given: StateRequest): Promise<readonly ReportResult[]> {
  const { plan, planned, cluster, bench, state, migration, index, fresh, stepwise, special, runStartedMs } = given;
  const { model } = state;
  requireDeclaredNames(migration, model);
  const parity = fresh === null ? null : await parityAfter(cluster, planned, migration, fresh);
  const progressed = throttle();
  const mentioned = mentionedBy(migration, planned.dialect, model);
  const setting = { planned, migration, index, model, bench, properties: stepwise, mentioned };
  const subjectOn = (own: Workbench): Subject => ({
    planned,
    migration,
    index,
    model,
    mentioned,
    schemaFingerprint: state.schemaFingerprint,
    properties: stepwise,
    ...(parity === null ? {} : { parity }),
    bench: own,
    runCase: makeCaseRunner({ ...setting, bench: own }),
  });
  const lanes = countLanes(planned, index, index, planned.cases);
  await using more = openMoreLanes(cluster, state.template, lanes - 1);
  const request: MigrationRequest = {
    plan,
    engine: cluster.engine,
    generation: given.generation,
    runStartedMs,
    subject: subjectOn(bench),
    beside: more.benches.map(subjectOn),
    onProgress: (casesDone, phase) =>
      progressed(() =>
        plan.emit({
          type: 'progress',
          set: planned.set.name,
          migration: migration.name,
          casesDone,
          casesPlanned: planned.cases,
          phase,
        }),
      ),
  };
  const results = await judgeMigration(request);
  if (
    plan.untilFalsified === true &&
    results.some(({ verdict, accepted }) => verdict === 'falsified' && accepted === null)
  )
    return results;
  return [...results, ...(await judgeSpecial(request, special, setting))];
}

/** Judges the properties of scenarios of their own, scenario by scenario. */
async function judgeSpecial(
  request: MigrationRequest,
  special: readonly Property[],
  setting: ScenarioCaseSetting,
): Promise<readonly ReportResult[]> {
  const results: ReportResult[] = [];
  for (const id of new Set(special.map((property) => property.scenario))) {
    const scenario = findScenario(id);
    if (scenario === undefined) continue;
    request.plan.onScenario?.();
    const properties = special.filter((property) => property.scenario === id);
    const drive = (own: Subject, bench: Workbench): Subject => {
      const runCase = makeScenarioRunner(scenario, { ...setting, bench, properties });
      return { ...own, properties, scenario, runCase };
    };
    const subject = drive(request.subject, setting.bench);
    const others = scenario.runsBeside ? request.beside : [];
    const beside = others.flatMap((own) => (own.bench === null ? [] : [drive(own, own.bench)]));
    results.push(...(await judgeScenario({ ...request, subject, beside, scenario, setting: settingOf(setting) })));
  }
  return results;
}

function mentionedBy({ up, down }: Migration, dialect: Dialect, model: Subject['model']): ReadonlySet<string> {
  return new Set([
    ...dialect.mentionedTables(up, model),
    ...(down === null ? [] : dialect.mentionedTables(down, model)),
  ]);
}
