/**
 * All cases of one migration in a scenario of its own: as `judge-migration.ts`, with parameters beside the rows.
 */
import { countRows } from '../core/dataset.ts';
import { deriveSeed } from '../core/hash.ts';
import type { Finding } from '../core/property.ts';
import type { ReportResult } from '../core/report.ts';
import type { Scenario, ScenarioSetting } from '../scenarios/scenario.ts';
import { confirmFinding } from './confirm.ts';
import { focusOf } from './focus.ts';
import { judgeTraces } from './judge.ts';
import type { MigrationRequest } from './judge-migration.ts';
import { harvestLiterals } from './literals.ts';
import { recordFailure, tellFailure } from './record-failure.ts';
import { type CaseRun, contextOf } from './subject.ts';
import { makeAccept } from './accept.ts';
import { failureKey, isSettled, makeTally, recordCase, recordWitnesses, resultsOf, type Tally } from './tally.ts';
import { hasTimedOut, whyGiveUp } from './timeouts.ts';

export interface ScenarioRequest extends MigrationRequest {
  readonly scenario: Scenario;
  readonly setting: ScenarioSetting;
}

/** Judges the properties of the subject, which are all of this scenario. */
export async function judgeScenario(request: ScenarioRequest): Promise<readonly ReportResult[]> {
  const { subject, plan, scenario, setting, runStartedMs } = request;
  const context = contextOf(subject, new Set(), runStartedMs);
  const tallies = subject.properties.map((property) =>
    makeTally(property, context, makeAccept(subject.planned, subject.migration, property.id, runStartedMs)),
  );
  const applicable = tallies.filter(({ inapplicable }) => inapplicable === null);
  const total = applicable.length === 0 ? 0 : scenario.cases(subject.planned.cases);
  const seed = deriveSeed(plan.seed, subject.planned.set.name, subject.migration.name, scenario.id);
  const literals = harvestLiterals(subject.migration);
  let done = 0;
  let timedOut = 0;
  for (; done < total && !plan.signal.aborted && whyGiveUp(timedOut) === null && !isSettled(plan, tallies); done++) {
    request.onProgress(done, 'checking');
    const focus = focusOf(subject.model, subject.mentioned, done);
    const dataset = subject.planned.source.generate({ model: subject.model, seed, index: done, focus, literals });
    const parameters = scenario.draw(setting, seed, done);
    const run = await subject.runCase(dataset, { until: 'after-up', isolated: false, parameters });
    if (hasTimedOut(run.traces)) timedOut++;
    request.generation.record(dataset, run.refused);
    const [before] = run.traces[0]?.moments ?? [];
    for (const tally of applicable) {
      if (before !== undefined) recordWitnesses(tally, before.snapshot);
      await judgeCase(request, tally, run, done);
    }
  }
  for (const tally of applicable) {
    for (const note of tally.property.conclude?.(context, tally.notes) ?? []) tally.notes.add(note);
  }
  return tallies.flatMap((tally) =>
    resultsOf(tally, done < total ? (whyGiveUp(timedOut) ?? 'the search was cut short') : null),
  );
}

async function judgeCase(request: ScenarioRequest, tally: Tally, run: CaseRun, caseIndex: number): Promise<void> {
  const { subject, runStartedMs } = request;
  if (run.unusable !== null) {
    const reason = `the generated data was not usable: ${run.unusable}`;
    recordCase(tally, { status: 'unjudged', reason }, 0, countRows(run.loaded));
    return;
  }
  const judgement = judgeTraces(tally.property, run.traces, contextOf(subject, new Set(), runStartedMs));
  recordCase(tally, judgement, countRows(run.loaded), run.refused.length);
  if (judgement.status !== 'falsified') return;
  for (const finding of judgement.findings) await dealWith(request, tally, run, caseIndex, finding);
}

/** Confirms a new failure, reduces it and stores it. Failures of a clause already falsified only name their object. */
async function dealWith(
  request: ScenarioRequest,
  tally: Tally,
  run: CaseRun,
  caseIndex: number,
  finding: Finding,
): Promise<void> {
  const { subject, plan, engine, scenario, runStartedMs } = request;
  const accepted = tally.accept(finding);
  const key = failureKey(finding.clause, accepted);
  const known = tally.failures.get(key);
  if (known !== undefined) {
    tellFailure({ plan, subject, property: tally.property, finding, caseIndex });
    if (known.finding.object !== finding.object) known.alsoObjects.add(finding.object);
    return;
  }
  request.onProgress(caseIndex, 'confirming');
  const { property } = tally;
  const volatileColumns = new Set<string>();
  const confirmation = await confirmFinding({ subject, property, finding, run, volatileColumns, runStartedMs });
  if (confirmation.status === 'flaky') {
    tally.flaky.set(finding.clause, confirmation.message);
    return;
  }
  if (confirmation.status === 'volatile') {
    tally.flaky.set(
      finding.clause,
      `it hangs on values of the clock or of chance in ${confirmation.columns.join(', ')}`,
    );
    return;
  }
  const recorded = await recordFailure({
    plan,
    subject,
    engine,
    property,
    finding: confirmation.finding,
    context: contextOf(subject, volatileColumns, runStartedMs),
    dataset: run.loaded,
    parameters: run.parameters ?? null,
    caseIndex,
    scenario: scenario.id,
    onAttempt: () => request.onProgress(caseIndex, 'shrinking'),
  });
  tally.failures.set(key, { ...recorded, accepted, alsoObjects: new Set() });
}
