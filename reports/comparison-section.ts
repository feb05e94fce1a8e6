/** Which failures are new, known or rare, and which are gone, beside an earlier run. */
import type { FailureName } from '../harness/core/history.ts';
import type { Report } from '../harness/core/report.ts';
import { hang } from './fit.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';

/** Nothing where the run was not compared, or nothing failed in either. */
export function describeComparison({ comparison }: Report, style: Style): readonly string[] {
  if (comparison === undefined || comparison.failures.length + comparison.fixed.length === 0) return [];
  const lines = [
    ...comparison.failures.map(({ status, failedRuns, ofRuns, ...name }) => {
      const often = status === 'rare' ? ` (in ${failedRuns} of ${ofRuns} runs before)` : '';
      return `${status}${often}: ${nameOf(name)}`;
    }),
    ...comparison.fixed.map((name) => `fixed: ${nameOf(name)}`),
  ];
  return [
    style.paint.bold(`Compared with ${sanitize(comparison.with)}`),
    ...lines.flatMap((line) => hang(`  ${style.glyphs.bullet} `, sanitize(line), style.width)),
  ];
}

function nameOf({ migration, property, clause, object }: FailureName): string {
  return `${migration} ${property}/${clause}${object === '' ? '' : ` on ${object}`}`;
}
