/**
 * A run beside earlier ones: which failures are new, which are known, which are gone, and which come and go.
 */
import type { FailureName, HistoryEntry } from '../core/history.ts';
import { keyOfDecision, keyOfFailure } from '../core/history.ts';
import type {
  ComparedFailure,
  Report,
  ReportComparison,
  ReportMigration,
  ReportResult,
  ReportSet,
} from '../core/report.ts';
import { exitCodeOf } from './exit-code.ts';

/** Runs that are looked at for failures that come and go. */
const MOST_RUNS = 20;

/** What a run leaves in the history. */
export function entryOf(
  { run, tool, sets }: Report,
  about: Pick<HistoryEntry, 'id' | 'at' | 'only' | 'properties'>,
): HistoryEntry {
  const results = resultsOf(sets);
  const numberOf = (verdict: ReportResult['verdict']): number =>
    results.filter(({ result }) => result.verdict === verdict).length;
  return {
    format: 'palindrome-run/1',
    ...about,
    verb: run.verb,
    tool: tool.version,
    seed: run.seed,
    exitCode: run.exitCode,
    stoppedBecause: run.stoppedBecause,
    durationMs: Math.round(run.durationMs),
    sets: [...new Set(sets.map(({ path }) => path))],
    migrations: sets.reduce((sum, { migrations }) => sum + migrations.length, 0),
    cases: sets.reduce((sum, { migrations }) => sum + migrations.reduce((all, each) => all + casesOf(each), 0), 0),
    verdicts: {
      held: numberOf('held'),
      falsified: numberOf('falsified'),
      inconclusive: numberOf('inconclusive'),
      inapplicable: numberOf('inapplicable'),
    },
    accepted: results.filter(({ result }) => result.accepted !== null).length,
    failures: failuresOf(sets),
    decided: decisionsOf(sets),
  };
}

function casesOf({ results }: ReportMigration): number {
  return Math.max(0, ...results.map(({ cases }) => cases));
}

/** What a run is compared with. */
export interface ComparisonBase {
  /** For people: a file, or the time of a run. */
  readonly name: string;
  readonly failures: readonly FailureName[];
  /** Of the same store: what earlier runs of it had is no news. What a base branch does not have is new, whatever earlier runs had. */
  readonly isLastRun: boolean;
}

/** The failures of a report, for comparing with it. */
export function baseOf(name: string, { sets }: Pick<Report, 'sets'>): ComparisonBase {
  return { name, failures: failuresOf(sets), isLastRun: false };
}

/** The last run of a history that looked at one of these sets to its end; null: there is none. */
export function lastRunOf(runs: readonly HistoryEntry[], sets: readonly string[]): ComparisonBase | null {
  const last = runs.findLast((run) => isWhole(run) && run.sets.some((path) => sets.includes(path)));
  return last === undefined ? null : { name: `the run of ${last.at}`, failures: last.failures, isLastRun: true };
}

/** Compares; null base: every failure that no earlier run had is new. */
export function compareRuns(
  { sets }: Pick<Report, 'sets'>,
  base: ComparisonBase,
  runs: readonly HistoryEntry[],
  failOn: ReportComparison['failOn'],
): ReportComparison {
  const before = new Set(base.failures.map(keyOfFailure));
  const now = failuresOf(sets);
  const still = new Set(now.map(keyOfFailure));
  const decided = new Set(decisionsOf(sets));
  return {
    with: base.name,
    failOn,
    failures: now.map((failure): ComparedFailure => {
      const recent = runs.filter((run) => run.decided.includes(keyOfDecision(failure))).slice(-MOST_RUNS);
      const key = keyOfFailure(failure);
      const failed = recent.filter((run) => run.failures.some((each) => keyOfFailure(each) === key)).length;
      const isRare = failed > 0 && failed < recent.length;
      const isKnown = before.has(key) || (base.isLastRun && failed > 0);
      const status = isKnown ? (isRare ? 'rare' : 'known') : 'new';
      return { ...failure, status, failedRuns: failed, ofRuns: recent.length };
    }),
    fixed: base.failures.filter((failure) => !still.has(keyOfFailure(failure)) && decided.has(keyOfDecision(failure))),
  };
}

/** The exit code where only new failures count: what earlier runs had stays falsified, and does not fail the build. */
export function exitCodeWithout(report: Report, comparison: ReportComparison): number {
  const { exitCode } = report.run;
  if (comparison.failOn !== 'new' || exitCode !== 1) return exitCode;
  const isNew = new Set(comparison.failures.filter(({ status }) => status === 'new').map(keyOfFailure));
  const sets = report.sets.map((set) => ({
    ...set,
    migrations: set.migrations.map((migration) => ({
      ...migration,
      results: migration.results.filter(
        (result) =>
          result.verdict !== 'falsified' ||
          result.accepted !== null ||
          namesOf(set, migration, result).some((name) => isNew.has(keyOfFailure(name))),
      ),
    })),
  }));
  const code = exitCodeOf(sets, 'finished');
  // A run in which everything that was judged is a known failure did judge something.
  return code === 4 && !hasInconclusive(sets) ? 0 : code;
}

function hasInconclusive(sets: readonly ReportSet[]): boolean {
  return resultsOf(sets).some(({ result }) => result.verdict === 'inconclusive');
}

function isWhole({ exitCode }: HistoryEntry): boolean {
  return exitCode !== 3 && exitCode !== 130;
}

function resultsOf(sets: readonly ReportSet[]) {
  return sets.flatMap((set) =>
    set.migrations.flatMap((migration) => migration.results.map((result) => ({ set, migration, result }))),
  );
}

function namesOf(
  set: ReportSet,
  migration: ReportMigration,
  { property, clause, objects }: ReportResult,
): readonly FailureName[] {
  return objects.map((object) => ({
    set: set.path,
    migration: migration.name,
    property,
    clause: clause ?? '',
    object,
  }));
}

function failuresOf(sets: readonly ReportSet[]): readonly FailureName[] {
  const found = new Map<string, FailureName>();
  for (const { set, migration, result } of resultsOf(sets))
    if (result.verdict === 'falsified')
      for (const name of namesOf(set, migration, result)) found.set(keyOfFailure(name), name);
  return [...found.values()];
}

function decisionsOf(sets: readonly ReportSet[]): readonly string[] {
  return [
    ...new Set(
      resultsOf(sets)
        .filter(({ result }) => result.verdict === 'held' || result.verdict === 'falsified')
        .map(({ set, migration, result }) =>
          keyOfDecision({ set: set.path, migration: migration.name, property: result.property }),
        ),
    ),
  ];
}
