/** How a campaign went: rounds, what used the time, the canary, and why it stopped. */
import type { Report } from '../harness/core/report.ts';
import { count } from '../harness/core/text.ts';
import { groupDigits, hang } from './fit.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';

/** Nothing for a run that is no campaign. */
export function describeFuzz({ fuzz, run }: Report, style: Style): readonly string[] {
  if (fuzz === undefined) return [];
  const total = Object.values(fuzz.spentMs).reduce((sum, ms) => sum + ms, 0);
  const shares = Object.entries(fuzz.spentMs).map(
    ([what, ms]) => `${what} ${total === 0 ? 0 : Math.round((ms / total) * 100)}%`,
  );
  const { canary } = fuzz;
  const lines = [
    `stopped because: ${sanitize(run.stoppedBecause)}`,
    `${groupDigits(fuzz.cases)} ${fuzz.cases === 1 ? 'case' : 'cases'} in ${count(fuzz.rounds, 'round')}${fuzz.resumed === 0 ? '' : ', gone on with after its process had ended'}`,
    `of the time, ${shares.join(', ')}`,
    `the canary was falsified in ${canary.falsified} of ${count(canary.judged, 'round')} in which it was judged`,
  ];
  return [
    style.paint.bold('The campaign'),
    ...lines.flatMap((line) => hang(`  ${style.glyphs.bullet} `, line, style.width)),
  ];
}
