/** What a run means for a baseline: which failures are still there, which are new, which are gone. */
import type { KnownFailure } from '../core/acceptance.ts';
import { PROPERTY_IDS } from '../core/property.ts';
import type { Report } from '../core/report.ts';

export interface BaselineChange {
  /** Known before and still there, or not looked at. */
  readonly kept: readonly KnownFailure[];
  readonly added: readonly KnownFailure[];
  readonly fixed: readonly KnownFailure[];
}

interface MergeRequest {
  readonly existing: readonly KnownFailure[];
  readonly report: Report;
  /** `KnownFailure.set` by `ReportSet.path`; sets that are not in it belong to another baseline. */
  readonly keys: ReadonlyMap<string, string>;
  /** `YYYY-MM-DD`. */
  readonly today: string;
  readonly toolVersion: string;
}

/** Failures that a waiver covers are none of the baseline's: they have their own reason and end. */
export function mergeBaseline({ existing, report, keys, today, toolVersion }: MergeRequest): BaselineChange {
  const found = new Map<string, KnownFailure>();
  for (const failure of failuresOf(report, keys, today, toolVersion))
    if (!found.has(identify(failure))) found.set(identify(failure), failure);
  const fixedOnes = new Set<string>();
  const doubted = new Set<string>();
  for (const failure of existing) {
    const sets = report.sets.filter(({ path }) => keys.get(path) === failure.set);
    const isGone =
      sets.length > 0 && sets.every(({ baseline }) => baseline?.fixed.some((gone) => isSame(gone, failure)));
    (isGone ? fixedOnes : doubted).add(identify(failure));
  }
  const known = new Set(existing.map(identify));
  return {
    kept: existing.filter((failure) => doubted.has(identify(failure))),
    fixed: existing.filter((failure) => fixedOnes.has(identify(failure))),
    added: [...found].filter(([key]) => !known.has(key)).map(([, failure]) => failure),
  };
}

function isSame(
  gone: Pick<KnownFailure, 'migration' | 'property' | 'clause' | 'object'>,
  failure: KnownFailure,
): boolean {
  return (['migration', 'property', 'clause', 'object'] as const).every((key) => gone[key] === failure[key]);
}

function failuresOf(
  report: Report,
  keys: ReadonlyMap<string, string>,
  today: string,
  tool: string,
): readonly KnownFailure[] {
  return report.sets.flatMap(({ path, migrations }) => {
    const set = keys.get(path);
    if (set === undefined) return [];
    return migrations.flatMap(({ name, results }) =>
      results.flatMap(({ verdict, accepted, property, clause, objects, reason, counterexample }) => {
        const id = PROPERTY_IDS.find((known) => known === property);
        if (verdict !== 'falsified' || accepted?.by === 'waiver' || clause === null || id === undefined) return [];
        return objects.map((object) => ({
          set,
          migration: name,
          property: id,
          clause,
          object,
          reason,
          counterexample: counterexample?.id ?? '',
          recorded: today,
          tool,
        }));
      }),
    );
  });
}

function identify({ set, migration, property, clause, object }: KnownFailure): string {
  return JSON.stringify([set, migration, property, clause, object]);
}
