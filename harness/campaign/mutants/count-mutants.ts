/** Counting mutants by what became of them. */
import type { MutantCounts, MutantsMigration, MutantStatus, ReportMutant } from '../../core/mutants-report.ts';
import { compareText } from '../../core/text.ts';

/** The counts of mutants that were taken out of `found`. */
export function countMutants(found: number, mutants: readonly ReportMutant[]): MutantCounts {
  const of = (wanted: MutantStatus): number => mutants.filter(({ status }) => status === wanted).length;
  const [killed, survived] = [of('killed'), of('survived')];
  return {
    found,
    taken: mutants.length,
    killed,
    survived,
    equivalent: of('equivalent'),
    stillborn: of('stillborn'),
    undecided: of('undecided'),
    notRun: of('not-run'),
    score: killed + survived === 0 ? null : Math.round((killed / (killed + survived)) * 1000) / 10,
  };
}

/** How many each property killed, most first. */
export function killersOf(mutants: readonly ReportMutant[]): MutantsMigration['killedBy'] {
  const counts = new Map<string, number>();
  for (const { property } of mutants) if (property !== null) counts.set(property, (counts.get(property) ?? 0) + 1);
  return [...counts]
    .map(([property, killed]) => ({ property, mutants: killed }))
    .toSorted((a, b) => b.mutants - a.mutants || compareText(a.property, b.property));
}
