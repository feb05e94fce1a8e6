/**
 * A set whose schema states are all there at once, so that its migrations can be visited again and again in any order.
 */
import type { Catalog } from '../../core/catalog.ts';
import type { Cluster, Template } from '../../core/dialect.ts';
import { sha256 } from '../../core/hash.ts';
import type { Property } from '../../core/property.ts';
import { findScenario } from '../../scenarios/registry.ts';
import { advance, unmetRequirements } from '../advance.ts';
import { type ChainStart, chainStarts } from '../chain.ts';
import { refuseBadInput, refuseWhatDoesNotParse } from '../check-input.ts';
import { describeState } from '../describe-state.ts';
import { missingFunction } from '../judge.ts';
import { ledgerStarts } from '../ledger.ts';
import { makeRoles } from '../make-roles.ts';
import { requireModel } from '../parity.ts';
import { type CampaignPlan, isAsked, type PlannedSet } from '../plan.ts';
import { makeSetProgress, type SetProgress } from '../run-set.ts';
import { isSelected } from '../selection.ts';
import { prepareStartingCases } from '../starting-cases.ts';
import { openWorkbench } from '../workbench.ts';
import { clockCluster, clockSource, type Spent } from './clocked.ts';

/** Why migrations from a position on cannot be judged. */
interface Unreachable {
  readonly from: number;
  readonly verdict: 'inconclusive' | 'inapplicable';
  readonly reason: string;
}

/** The state before one migration, and the catalog after it on no data where `schema-parity` will want it. */
interface OpenState {
  readonly state: ChainStart;
  readonly fresh: Catalog | null;
}

export interface OpenSet extends AsyncDisposable {
  readonly planned: PlannedSet;
  readonly progress: SetProgress;
  readonly cluster: Cluster;
  /** One for each migration that can be reached, by position. */
  readonly states: readonly OpenState[];
  readonly unreachable: Unreachable | null;
  readonly stepwise: readonly Property[];
  readonly special: readonly Property[];
  readonly chain: Property | undefined;
  /** States from which the chain is walked, and from which the set goes through a ledger; empty where the end cannot be reached. */
  readonly chainFrom: readonly ChainStart[];
  readonly ledgerFrom: readonly ChainStart[];
}

/** Opens the databases of a set and brings them to every state. Throws `PalindromeError` as a campaign does where the input is wrong. */
export async function openSet(
  plan: CampaignPlan,
  given: PlannedSet,
  runStartedMs: number,
  spent: Spent,
): Promise<OpenSet> {
  const progress = makeSetProgress(given, runStartedMs);
  const planned = clockSource(given, spent);
  await refuseWhatDoesNotParse(planned);
  const opened = await planned.openCluster();
  try {
    progress.engineVersion = opened.engine.version;
    progress.provider = opened.engine.provider;
    await makeRoles(opened, planned);
    if (planned.starting !== null)
      progress.starting = await prepareStartingCases({
        planned,
        starting: planned.starting,
        cluster: opened,
        signal: plan.signal,
      });
    const wanted = plan.properties.filter((property) => isAsked(plan, property));
    const stepwise = wanted.filter(({ scenario }) => scenario === 'standard');
    const special = wanted.filter(({ scenario }) => findScenario(scenario) !== undefined);
    const chain = wanted.find(({ scenario }) => scenario === 'chain');
    const wantsCatalog = stepwise.some(({ id }) => id === 'schema-parity');
    if (wantsCatalog) await requireModel(planned);
    const cluster = clockCluster(opened, spent);
    const walked = await walk(planned, cluster, progress, plan.signal, wantsCatalog);
    const { migrations } = planned.set;
    const startsAt = (applied: readonly number[]): readonly ChainStart[] =>
      walked.unreachable === null ? applied.flatMap((at) => walked.states[at]?.state ?? []) : [];
    const last = migrations.at(-1);
    const isLastWanted = last !== undefined && isSelected(plan, given, last);
    const hasLedgerClause = stepwise.some(({ clauses }) => clauses.some(({ id }) => id === 'ledger'));
    return {
      planned,
      progress,
      cluster,
      states: walked.states,
      unreachable: walked.unreachable,
      stepwise,
      special,
      chain: isLastWanted ? chain : undefined,
      chainFrom: chain !== undefined && isLastWanted ? startsAt(chainStarts(migrations)) : [],
      ledgerFrom: hasLedgerClause && isLastWanted ? startsAt(ledgerStarts(migrations)) : [],
      async [Symbol.asyncDispose]() {
        await opened[Symbol.asyncDispose]();
      },
    };
  } catch (thrown) {
    await opened[Symbol.asyncDispose]();
    throw thrown;
  }
}

async function walk(
  planned: PlannedSet,
  cluster: Cluster,
  progress: SetProgress,
  signal: AbortSignal,
  wantsCatalog: boolean,
): Promise<{ readonly states: readonly OpenState[]; readonly unreachable: Unreachable | null }> {
  const states: OpenState[] = [];
  let template: Template | null = null;
  let key = '';
  for (const [index, migration] of planned.set.migrations.entries()) {
    if (signal.aborted)
      return {
        states,
        unreachable: { from: index, verdict: 'inconclusive', reason: 'the run was interrupted before it' },
      };
    const unmet = await unmetRequirements(planned, cluster, migration);
    if (unmet !== null) return { states, unreachable: { from: index, verdict: 'inapplicable', reason: unmet } };
    key = sha256(`${key}\n${migration.up.sha256}\n${migration.up.transaction}`);
    await using bench = openWorkbench(cluster, template);
    const state = await describeState(bench, index, template);
    for (const { table, reason } of planned.source.limits(state.model)) progress.generatorLimits.set(table, reason);
    const next = await advance({ planned, cluster, bench, migration, key, wantsCatalog });
    const unregistered = missingFunction(next.outcome);
    if (unregistered !== null)
      return { states, unreachable: { from: index, verdict: 'inconclusive', reason: unregistered } };
    if (next.template === null) refuseBadInput(migration, next.outcome, index === 0);
    states.push({ state, fresh: next.fresh });
    if (next.template === null) {
      const reason = `it cannot be reached: ${migration.name} fails even on the empty schema before it`;
      return { states, unreachable: { from: index + 1, verdict: 'inconclusive', reason } };
    }
    template = next.template;
  }
  return { states, unreachable: null };
}
