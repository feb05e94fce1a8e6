/**
 * One visit: some cases of one unit, with what earlier visits learned.
 */
import type { DatasetSource, SwarmTrait } from '../../core/case.ts';
import { deriveSeed } from '../../core/hash.ts';
import type { ReportResult } from '../../core/report.ts';
import { judgeChain } from '../judge-chain.ts';
import { judgeLedger } from '../judge-ledger.ts';
import { judgeState } from '../judge-state.ts';
import type { CampaignPlan, PlannedSet } from '../plan.ts';
import { withStartingCase } from '../starting-cases.ts';
import { openWorkbench } from '../workbench.ts';
import type { Unit } from './unit.ts';

export interface VisitRequest {
  readonly plan: CampaignPlan;
  readonly unit: Unit;
  /** From 0. */
  readonly round: number;
  /** Of the first look, from 0: each has data of its own. */
  readonly turn: number;
  readonly swarm: readonly SwarmTrait[];
  readonly cases: number;
  readonly runStartedMs: number;
}

/** The result of the way through a ledger, which keeps no running record. */
export interface LedgerRecord {
  result: ReportResult | null;
}

/** What the last walk said: a chain that cannot be walked keeps no running record. */
export interface ChainRecord {
  results: readonly ReportResult[];
}

/** Judges some more cases of a unit. What it learns is in the unit's records. */
export async function visit({
  plan: given,
  unit,
  round,
  turn,
  swarm,
  cases,
  runStartedMs,
}: VisitRequest): Promise<void> {
  const startedMs = performance.now();
  const { open, index, migration } = unit;
  unit.foundLast = 0;
  const plan: CampaignPlan = {
    ...given,
    seed: seedOf(given.seed, round, turn),
    memory: unit.memory,
    grain: 'object',
    onCase(seen) {
      unit.cases++;
      unit.foundLast += unit.novelty.see(seen);
      given.onCase?.(seen);
    },
  };
  const planned = plannedFor(unit, cases, swarm);
  const common = { plan, planned, cluster: open.cluster, engine: open.cluster.engine, runStartedMs };
  switch (unit.kind) {
    case 'migration': {
      const at = open.states[index];
      if (at === undefined) break;
      const { generation } = open.progress;
      await using bench = openWorkbench(open.cluster, at.state.template);
      const { stepwise, special } = open;
      await judgeState({ ...common, ...at, bench, migration, index, stepwise, special, generation });
      break;
    }
    case 'chain': {
      const [property] = unit.properties;
      const record = unit.memory.recall<ChainRecord>('chain', () => ({ results: [] }));
      const { chainFrom: starts } = open;
      if (property !== undefined)
        record.results = await judgeChain({ ...common, property, starts, onProgress: () => undefined });
      break;
    }
    case 'ledger': {
      const [property] = unit.properties;
      const record = unit.memory.recall<LedgerRecord>('ledger', () => ({ result: null }));
      if (property !== undefined) record.result = await judgeLedger({ ...common, property, starts: open.ledgerFrom });
      break;
    }
  }
  unit.visits++;
  unit.spentMs += performance.now() - startedMs;
}

function seedOf(seed: number, round: number, turn: number): number {
  if (turn > 0) return deriveSeed(seed, 'turn', turn);
  return round === 0 ? seed : deriveSeed(seed, 'round', round);
}

/** Later visits go on with the indices of earlier ones: cases grow as they do in one long run. */
function plannedFor(
  { open, index, kind, visits, cases: before }: Unit,
  cases: number,
  swarm: readonly SwarmTrait[],
): PlannedSet {
  const { source } = open.planned;
  const swarming: DatasetSource = {
    ...source,
    generate: (request) => source.generate({ ...request, index: request.index + before, swarm }),
  };
  const planned = { ...open.planned, cases, source: swarming };
  const starting = kind === 'migration' && visits === 0 ? open.progress.starting?.byMigration.get(index) : undefined;
  return starting === undefined ? planned : withStartingCase(planned, starting);
}
