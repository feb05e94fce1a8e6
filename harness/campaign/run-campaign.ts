/**
 * Campaigns choose (migration × scenario × case), confirm and reduce what fails, and emit events. They import the core,
 * the scenarios and the store's port; dialects, properties and generators arrive as values. `run-campaign.ts` walks the sets,
 * `run-set.ts` one set, `judge-migration.ts` and `judge-chain.ts` judge, `record-failure.ts` keeps what failed.
 *
 * Its one invariant: every number in the report was counted here, and a verdict of "held" was earned by a case.
 */
import { firstFault, messageOf, PalindromeError } from '../core/errors.ts';
import type { Report } from '../core/report.ts';
import { exitCodeOf, type StopReason } from './exit-code.ts';
import type { Property } from '../core/property.ts';
import { SHARD_LIMIT, showShard } from '../core/shard.ts';
import { type CampaignPlan, isAsked, type PlannedSet } from './plan.ts';
import { hasSelected } from './selection.ts';
import { makeSetProgress, reportSet, runSet, type SetProgress } from './run-set.ts';

/**
 * Runs a campaign to its end, an interrupt, or a failure of the environment; the report says which.
 * Throws `PalindromeError` of kind `usage` where the input is wrong.
 */
export async function runCampaign(plan: CampaignPlan): Promise<Report> {
  const runStartedMs = Date.now();
  const progress: SetProgress[] = [];
  const notMine: PlannedSet[] = [];
  plan.emit({ type: 'run-started', verb: plan.verb, seed: plan.seed, sets: plan.sets.length });
  let stopped: StopReason = 'finished';
  for (const planned of plan.sets) {
    if (plan.signal.aborted) break;
    if (plan.shard !== null && !hasSelected(plan, planned)) {
      notMine.push(planned);
      continue;
    }
    const current = makeSetProgress(planned, runStartedMs);
    progress.push(current);
    try {
      await runSet(plan, current, runStartedMs);
    } catch (thrown) {
      stopped = stopAt(thrown);
      break;
    }
  }
  if (plan.signal.aborted) stopped = 'interrupted';
  const made = makeReport(plan, progress, notMine.length, stopped, Date.now() - runStartedMs);
  const report = (await plan.conclude?.(made)) ?? made;
  plan.emit({ type: 'run-finished', report });
  return report;
}

/** The report of what was done. */
export function makeReport(
  plan: CampaignPlan,
  progress: readonly SetProgress[],
  notMine: number,
  stopped: StopReason,
  durationMs: number,
): Report {
  const sets = progress.map(reportSet);
  return {
    format: 'palindrome-report/1',
    tool: { name: 'palindrome', version: plan.toolVersion },
    run: {
      verb: plan.verb,
      seed: plan.seed,
      exitCode: exitCodeOf(sets, stopped),
      durationMs,
      stoppedBecause: describeStop(stopped),
      shard: plan.shard === null ? null : showShard(plan.shard),
    },
    sets,
    limits: limitsOf(plan, progress, notMine),
  };
}

function describeStop(stopped: StopReason): string {
  if (typeof stopped === 'string') return stopped;
  return 'budget' in stopped ? stopped.budget : stopped.failure;
}

/** Why a run stops at an error of the environment. Throws every other error. */
export function stopAt(thrown: unknown): StopReason {
  const error = firstFault(thrown);
  if (!(error instanceof PalindromeError) || error.kind === 'usage') throw error;
  return { failure: `${error.code}: ${messageOf(error)}${error.hint === undefined ? '' : ` (${error.hint})`}` };
}

const POWER_STAYS =
  'interruption-safe ends sessions, processes and, with --provider embedded, the server. It does not cut the power: what was committed is taken to be on disk.';

const PAGES_STAY =
  'cursor-stable follows cursors across a migration with nobody else writing; writers are really at work at once on PostgreSQL alone, with pagers in SQL.';

function notAsked(plan: CampaignPlan, property: Property): readonly string[] {
  if (property.whenAsked === undefined || plan.propertyIds !== null || isAsked(plan, property)) return [];
  return [`${property.id} was not judged: it ${property.whenAsked}. Ask with --property ${property.id}.`];
}

function limitsOf(plan: CampaignPlan, progress: readonly SetProgress[], notMine: number): readonly string[] {
  const limits = [
    'Migrations were not run under concurrent traffic: no property of this version judges that.',
    ...plan.properties.flatMap((property) => notAsked(plan, property)),
    ...(plan.properties.some((property) => property.id === 'interruption-safe' && isAsked(plan, property))
      ? [POWER_STAYS]
      : []),
    ...(plan.sets.some(({ pagers }) => pagers.length > 0) ? [PAGES_STAY] : []),
  ];
  if (plan.only !== null) limits.push(`Only migrations that match ${plan.only} were judged.`);
  limits.push(...(plan.since?.limits ?? []));
  if (plan.propertyIds !== null && plan.propertyIds.length < plan.properties.length)
    limits.push(`Only these properties were judged: ${plan.propertyIds.join(', ')}.`);
  for (const { planned, generatorLimits, starting } of progress) {
    for (const note of starting?.limits ?? []) limits.push(`${planned.set.name}: ${note}`);
    for (const [table, reason] of generatorLimits)
      limits.push(`${planned.set.name}: no rows are generated for ${table}: ${reason}.`);
  }
  if (plan.shard !== null) limits.push(`${SHARD_LIMIT} ${showShard(plan.shard)} was judged.`);
  const skipped = plan.sets.length - progress.length - notMine;
  if (skipped > 0) limits.push(`${skipped} of ${plan.sets.length} sets were not reached.`);
  return limits;
}
