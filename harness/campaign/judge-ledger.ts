/**
 * Judging the clause `ledger` of `rerun-idempotent` of a set: a few cases, since what they ask hangs on the scripts far more than on the rows.
 */
import { countRows } from '../core/dataset.ts';
import type { Cluster, EngineInfo } from '../core/dialect.ts';
import { deriveSeed } from '../core/hash.ts';
import type { Property } from '../core/property.ts';
import type { ReportResult } from '../core/report.ts';
import { count } from '../core/text.ts';
import type { ChainStart } from './chain.ts';
import { confirmFinding } from './confirm.ts';
import { focusOf } from './focus.ts';
import { judgeTraces } from './judge.ts';
import { makeLedgerRunner } from './ledger.ts';
import type { CampaignPlan, PlannedSet } from './plan.ts';
import { recordFailure, tellFailure } from './record-failure.ts';
import { contextOf, type Subject } from './subject.ts';
import { makeAccept } from './accept.ts';
import { isOut, seedsOf, turnAt } from './turns.ts';
import { addFailure, makeTally, recordCase, resultsOf, slotOf } from './tally.ts';
import { openWorkbench } from './workbench.ts';

const CASES_PER_START = 1;

export interface LedgerRequest {
  readonly plan: CampaignPlan;
  readonly planned: PlannedSet;
  readonly cluster: Cluster;
  readonly engine: EngineInfo;
  readonly property: Property;
  readonly starts: readonly ChainStart[];
  readonly runStartedMs: number;
}

/** Judges the clause; the result belongs to the set's last migration. */
export async function judgeLedger(request: LedgerRequest): Promise<ReportResult | null> {
  const { planned, plan, cluster, property, runStartedMs } = request;
  const migration = planned.set.migrations.at(-1);
  const [firstStart] = request.starts;
  if (migration === undefined || firstStart === undefined) return null;
  const subjectAt = (start: ChainStart, bench: Subject['bench'], runCase: Subject['runCase']): Subject => ({
    planned,
    migration,
    index: start.applied,
    model: start.model,
    mentioned: new Set(
      planned.set.migrations.slice(start.applied).flatMap(({ up }) => planned.dialect.mentionedTables(up, start.model)),
    ),
    schemaFingerprint: start.schemaFingerprint,
    properties: [property],
    bench,
    runCase,
  });
  const tally = makeTally(
    property,
    contextOf(subjectAt(firstStart, null, onlyAskedAbout), new Set(), runStartedMs),
    makeAccept(planned, migration, property.id, runStartedMs),
  );
  // Its witnesses are those of single migrations, which their own cases look for.
  tally.unmet = [];
  for (const start of request.starts) {
    await using bench = openWorkbench(cluster, start.template);
    const subject = subjectAt(start, bench, makeLedgerRunner(planned, start, bench));
    const context = contextOf(subject, new Set(), runStartedMs);
    for (let at = 0; at < CASES_PER_START * seedsOf(plan).length && !plan.signal.aborted; at++) {
      const turn = turnAt(plan, at);
      if (isOut(plan, turn, 'ledger')) continue;
      const { index } = turn;
      const seed = deriveSeed(turn.seed, planned.set.name, 'ledger', start.applied);
      const dataset = planned.source.generate({
        model: start.model,
        seed,
        index,
        focus: focusOf(start.model, subject.mentioned, index),
        literals: [],
      });
      const run = await subject.runCase(dataset, { until: property.needs, isolated: true });
      const judgement = judgeTraces(property, run.traces, context);
      recordCase(tally, judgement, countRows(run.loaded), run.refused.length);
      if (judgement.status !== 'falsified') continue;
      for (const finding of judgement.findings) {
        const accepted = tally.accept(finding);
        const { key, known } = slotOf(tally, finding, accepted, plan.grain);
        if (known !== undefined) {
          tellFailure({ plan, subject, property, finding, seed: turn.seed, caseIndex: index });
          continue;
        }
        const volatileColumns = new Set<string>();
        const confirmation = await confirmFinding({ subject, property, finding, run, volatileColumns, runStartedMs });
        if (confirmation.status === 'flaky') tally.flaky.set(finding.clause, confirmation.message);
        if (confirmation.status !== 'confirmed') continue;
        const recorded = await recordFailure({
          plan,
          subject,
          engine: request.engine,
          property,
          finding: confirmation.finding,
          context,
          dataset: run.loaded,
          seed: turn.seed,
          caseIndex: index,
          scenario: `ledger:${start.applied}`,
          onAttempt: () => undefined,
        });
        addFailure(tally, key, { ...recorded, accepted, alsoObjects: new Set() });
      }
    }
  }
  return resultsOf(tally, plan.signal.aborted ? 'the search was cut short' : null)[0] ?? null;
}

function onlyAskedAbout(): Promise<never> {
  return Promise.reject(new TypeError('no bench, no case'));
}

/** The results of a set's last migration with that of the ledger: a failure beside those of the other clauses, anything else as a note. */
export function withLedger(results: readonly ReportResult[], ledger: ReportResult | null): readonly ReportResult[] {
  if (ledger === null) return results;
  const isOther = ({ property, clause }: ReportResult) => property !== ledger.property || clause !== null;
  if (ledger.verdict === 'falsified') {
    const last = results.findLastIndex(({ property }) => property === ledger.property);
    const place = results.slice(0, last + 1).filter(isOther);
    return [...place, ledger, ...results.slice(last + 1)];
  }
  const cases = count(ledger.cases, 'case');
  const note =
    ledger.verdict === 'held'
      ? `the whole set went through a ledger in ${cases}, and ran nothing when it was run again`
      : `whether the whole set can be run again through a ledger was not judged: ${ledger.reason}`;
  return results.map((result) =>
    result.property === ledger.property ? { ...result, notes: [...result.notes, note] } : result,
  );
}
