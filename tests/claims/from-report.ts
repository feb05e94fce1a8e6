/** From a verify report to the outcome of a claim. */
import type { Report, ReportMigration, ReportResult } from '../../harness/core/report.ts';
import type { ClaimOutcome } from './claim.ts';

/** Picks the results that speak about a claim. */
export interface Wanted {
  readonly property: string;
  /** Only this clause, where it failed; for `invariants-hold` the invariant's id. */
  readonly clause?: string;
  /** Only migrations whose name contains this. */
  readonly migration?: string;
}

/**
 * Falsified with the first failure among the wanted results and its id to replay; held with the number of cases that were judged.
 * Inconclusive where one of them was, or where none was judged at all.
 */
export function judgeResults(report: Report, wanted: readonly Wanted[]): ClaimOutcome {
  const picked = report.sets
    .flatMap(({ migrations }) => migrations)
    .flatMap((migration) => migration.results.map((result) => ({ migration, result })))
    .filter(({ migration, result }) => wanted.some((wish) => matches(wish, migration, result)));
  const failure = picked.find(({ result }) => result.verdict === 'falsified');
  if (failure !== undefined) {
    const { migration, result } = failure;
    return {
      verdict: 'falsified',
      evidence: `${migration.name}: ${shorten(result.reason)}`,
      replay: result.counterexample?.id ?? null,
    };
  }
  const doubt = picked.find(({ result }) => result.verdict === 'inconclusive');
  const judged = picked.filter(({ result }) => result.verdict === 'held');
  if (doubt !== undefined || judged.length === 0) {
    const why = doubt === undefined ? 'no result speaks about it' : `${doubt.migration.name}: ${doubt.result.reason}`;
    return { verdict: 'inconclusive', evidence: why, replay: null };
  }
  const cases = judged.reduce((sum, { result }) => sum + result.cases, 0);
  const names = [...new Set(judged.map(({ result }) => result.property))];
  return { verdict: 'held', evidence: `${names.join(', ')}: held in ${cases} cases`, replay: null };
}

/** A file without the folder of its set, which the row names already. */
function shorten(reason: string): string {
  return reason.replaceAll(/migrations\/reference\/[^/]+\/[^/]+\//gu, '');
}

function matches(wish: Wanted, migration: ReportMigration, result: ReportResult): boolean {
  const isAsked = result.property === wish.property && migration.name.includes(wish.migration ?? '');
  // A clause is only known of a failure: what held, held in every clause.
  return isAsked && (wish.clause === undefined || result.clause === null || result.clause === wish.clause);
}
