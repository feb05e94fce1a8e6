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
import type { CampaignPlan } from './plan.ts';
import { makeSetProgress, reportSet, runSet, type SetProgress } from './run-set.ts';

/**
 * Runs a campaign to its end, an interrupt, or a failure of the environment; the report says which.
 * Throws `PalindromeError` of kind `usage` where the input is wrong.
 */
export async function runCampaign(plan: CampaignPlan): Promise<Report> {
  const runStartedMs = Date.now();
  const progress: SetProgress[] = [];
  plan.emit({ type: 'run-started', verb: plan.verb, seed: plan.seed, sets: plan.sets.length });
  let stopped: StopReason = 'finished';
  for (const planned of plan.sets) {
    if (plan.signal.aborted) break;
    const current = makeSetProgress(planned, runStartedMs);
    progress.push(current);
    try {
      await runSet(plan, current, runStartedMs);
    } catch (thrown) {
      const error = firstFault(thrown);
      if (!(error instanceof PalindromeError) || error.kind === 'usage') throw error;
      stopped = { failure: `${error.code}: ${messageOf(error)}${error.hint === undefined ? '' : ` (${error.hint})`}` };
      break;
    }
  }
  if (plan.signal.aborted) stopped = 'interrupted';
  const report = makeReport(plan, progress, stopped, Date.now() - runStartedMs);
  plan.emit({ type: 'run-finished', report });
  return report;
}

function makeReport(
  plan: CampaignPlan,
  progress: readonly SetProgress[],
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
      stoppedBecause: typeof stopped === 'string' ? stopped : stopped.failure,
    },
    sets,
    limits: limitsOf(plan, progress),
  };
}

function limitsOf(plan: CampaignPlan, progress: readonly SetProgress[]): readonly string[] {
  const limits = [
    'Migrations were not run under concurrent traffic, nor killed half-way: no property of this version judges that.',
  ];
  if (plan.only !== null) limits.push(`Only migrations that match ${plan.only} were judged.`);
  if (plan.propertyIds !== null) limits.push(`Only these properties were judged: ${plan.propertyIds.join(', ')}.`);
  for (const { planned, generatorLimits, starting } of progress) {
    for (const note of starting?.limits ?? []) limits.push(`${planned.set.name}: ${note}`);
    for (const [table, reason] of generatorLimits)
      limits.push(`${planned.set.name}: no rows are generated for ${table}: ${reason}.`);
  }
  const skipped = plan.sets.length - progress.length;
  if (skipped > 0) limits.push(`${skipped} of ${plan.sets.length} sets were not reached.`);
  return limits;
}
