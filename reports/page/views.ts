/** Which failure is told where on the page: several properties that see the same failure share one view. */
import type { Report, ReportResult } from '../../harness/core/report.ts';
import type { FailureInReport } from '../counterexample-section.ts';
import { failuresOf } from '../failures.ts';
import { groupFailures } from '../group-failures.ts';
import type { Outcome } from '../migration-lines.ts';

export interface FailureView {
  /** From 1; the view's address is `#f1`. */
  readonly number: number;
  readonly failure: FailureInReport;
  readonly alsoSeenBy: readonly ReportResult[];
}

/** Those that fail the build come first, in the order of the report. */
export function viewsOf(report: Report): readonly FailureView[] {
  const told = groupFailures(failuresOf(report));
  const isOpen = (at: (typeof told)[number]): boolean => at.failure.result.accepted === null;
  return [...told.filter(isOpen), ...told.filter((entry) => !isOpen(entry))].map((entry, at) => ({
    ...entry,
    number: at + 1,
  }));
}

/** The view of each falsified result. */
export function viewNumbers(views: readonly FailureView[]): ReadonlyMap<ReportResult, number> {
  return new Map(
    views.flatMap(({ number, failure, alsoSeenBy }) =>
      [failure.result, ...alsoSeenBy].map((result): [ReportResult, number] => [result, number]),
    ),
  );
}

/** Signs of outcomes, so that colour is never alone. */
export const SIGNS: Readonly<Record<Outcome, string>> = {
  held: '✓',
  falsified: '✗',
  waived: '~',
  known: '~',
  inconclusive: '?',
  inapplicable: '–',
};
