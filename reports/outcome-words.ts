/** Words for outcomes that several formats share. */
import type { Report, ReportResult } from '../harness/core/report.ts';
import { OUTCOMES, outcomeOf, type Outcome } from './migration-lines.ts';

/** What an exit code says. */
export function meaningOfExit(exitCode: number, stoppedBecause: string, hasAccepted: boolean): string {
  const meanings: Readonly<Record<number, string>> = {
    0: hasAccepted ? 'no failure but those that were accepted' : 'everything judged held',
    1: 'a property was falsified',
    3: `the harness or its environment failed: ${stoppedBecause}`,
    4: hasAccepted
      ? 'no failure but those that were accepted, and something was inconclusive'
      : 'nothing was falsified, but something was inconclusive or nothing ran',
    130: 'interrupted',
  };
  return meanings[exitCode] ?? stoppedBecause;
}

/** Whether a case was judged with a decision. */
export function wasJudged({ verdict }: ReportResult): boolean {
  return verdict === 'held' || verdict === 'falsified';
}

/** Every result of a report. */
export function allResults(report: Report): readonly ReportResult[] {
  return report.sets.flatMap((set) => set.migrations.flatMap((migration) => migration.results));
}

/** How many results ended how; outcomes that did not occur are left out. */
export function tallyOutcomes(
  results: readonly ReportResult[],
): readonly { readonly outcome: Outcome; readonly n: number }[] {
  return OUTCOMES.flatMap((outcome) => {
    const n = results.filter((result) => outcomeOf(result) === outcome).length;
    return n === 0 ? [] : [{ outcome, n }];
  });
}
