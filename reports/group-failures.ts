/** One failure that several properties see is told once. */
import type { ReportResult } from '../harness/core/report.ts';
import type { FailureInReport } from './counterexample-section.ts';

interface ToldFailure {
  readonly failure: FailureInReport;
  readonly alsoSeenBy: readonly ReportResult[];
}

/** The failures in their order; one that another property saw before, on the same object and by the same statement, stands with it. */
export function groupFailures(failures: readonly FailureInReport[]): readonly ToldFailure[] {
  const groups: { failure: FailureInReport; alsoSeenBy: ReportResult[] }[] = [];
  for (const failure of failures) {
    const known = groups.find((group) => isSame(group.failure, failure));
    if (known === undefined) groups.push({ failure, alsoSeenBy: [] });
    else known.alsoSeenBy.push(failure.result);
  }
  return groups;
}

function isSame(first: FailureInReport, other: FailureInReport): boolean {
  const one = first.result.counterexample?.finding;
  const two = other.result.counterexample?.finding;
  if (first.set !== other.set || one?.at == null || two?.at == null) return false;
  if (
    first.result.property === other.result.property ||
    one.object !== two.object ||
    one.fault?.code !== two.fault?.code
  )
    return false;
  // The walk of the whole set has no statement of its own: the migration that it names is enough.
  if (other.result.property === 'chain-unwinds')
    return first.result.clause === other.result.clause && isOf(first, two.at.file);
  return first.migration === other.migration && one.at.file === two.at.file && one.at.line === two.at.line;
}

function isOf({ migration }: FailureInReport, file: string): boolean {
  return migration.upFile === file || migration.downFile === file;
}
