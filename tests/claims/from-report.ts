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
 * Inconclusive where one of them was, or where none was judged at all. A property that failed in other clauses was judged in this one, too.
 */
export function judgeResults(report: Report, wanted: readonly Wanted[]): ClaimOutcome {
  const asked = report.sets
    .flatMap(({ migrations }) => migrations)
    .flatMap((migration) => migration.results.map((result) => ({ migration, result })))
    .filter(({ migration, result }) => wanted.some((wish) => isAsked(wish, migration, result)));
  const failure = asked.find(
    ({ migration, result }) =>
      result.verdict === 'falsified' &&
      wanted.some((wish) => isAsked(wish, migration, result) && result.clause === (wish.clause ?? result.clause)),
  );
  if (failure !== undefined) {
    const { migration, result } = failure;
    return {
      verdict: 'falsified',
      evidence: `${migration.name}: ${shorten(result.reason)}`,
      replay: result.counterexample?.id ?? null,
    };
  }
  const doubt = asked.find(({ result }) => result.verdict === 'inconclusive');
  const judged = asked.filter(({ result }) => result.verdict === 'held' || result.verdict === 'falsified');
  if (doubt !== undefined || judged.length === 0) {
    const why = doubt === undefined ? 'no result speaks about it' : `${doubt.migration.name}: ${doubt.result.reason}`;
    return { verdict: 'inconclusive', evidence: why, replay: null };
  }
  const cases = Math.max(...judged.map(({ result }) => result.cases));
  const names = [...new Set(wanted.map(({ property, clause }) => clause ?? property))];
  return { verdict: 'held', evidence: `${names.join(', ')}: held in ${cases} cases`, replay: null };
}

function isAsked({ property, migration = '' }: Wanted, { name }: ReportMigration, result: ReportResult): boolean {
  return result.property === property && name.includes(migration);
}

/** A file without the folder of its set, which the row names already. */
function shorten(reason: string): string {
  return reason.replaceAll(/migrations\/reference\/[^/]+\/[^/]+\//gu, '');
}
