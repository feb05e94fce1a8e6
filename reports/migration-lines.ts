/** The lines of one migration in the list: one if everything held, and one more for each reason why something did not. */
import type { VerdictKind } from '../harness/core/property.ts';
import { VERDICTS } from '../harness/core/property.ts';
import type { ReportMigration, ReportResult } from '../harness/core/report.ts';
import { count } from '../harness/core/text.ts';
import { cutTo, groupDigits, hang, padTo, showDuration, widthOf } from './fit.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';

const MOST_NOTES = 3;

/** What people read of a result: its verdict, or that somebody has accepted the failure. */
export type Outcome = VerdictKind | 'waived' | 'known';

export const OUTCOMES: readonly Outcome[] = VERDICTS.flatMap((verdict): Outcome[] =>
  verdict === 'falsified' ? [verdict, 'waived', 'known'] : [verdict],
);

/** An accepted failure is none that counts. */
export function outcomeOf({ verdict, accepted }: ReportResult): Outcome {
  if (accepted === null) return verdict;
  return accepted.by === 'waiver' ? 'waived' : 'known';
}

/**
 * `nameWidth`: columns that the longest name of the set takes, so that lines of a set stand under each other. `before`: the migration whose lines stand
 * above; what kept everything of it from being judged is not told again.
 */
export function describeMigration(
  migration: ReportMigration,
  nameWidth: number,
  style: Style,
  before: ReportMigration | null = null,
): readonly string[] {
  const { paint, glyphs, width } = style;
  const worst = worstOutcome(migration.results);
  const room = Math.min(nameWidth, Math.max(20, width - 50));
  const name = padTo(cutTo(sanitize(migration.name), room, glyphs.ellipsis), room);
  const tally = OUTCOMES.flatMap((outcome) => {
    const n = migration.results.filter((result) => outcomeOf(result) === outcome).length;
    return n === 0 ? [] : [`${n} ${outcome}`];
  });
  const cases = Math.max(0, ...migration.results.map((result) => result.cases));
  const effort =
    cases === 0
      ? ''
      : [
          `${groupDigits(cases)} ${cases === 1 ? 'case' : 'cases'}`,
          ...(migration.durationMs === 0 ? [] : [showDuration(migration.durationMs)]),
        ].join(', ');
  const obstacle = soleObstacle(migration.results);
  const isToldAbove = obstacle !== null && before !== null && soleObstacle(before.results) === obstacle;
  const words = `${tally.join(', ') || 'not judged'}${isToldAbove ? ', for the same reason' : ''}`;
  const plain = `${name}  ${words}`;
  const gap = width - 2 - widthOf(plain) - widthOf(effort);
  return [
    `${paintGlyph(worst, style)} ${worst === 'held' ? name : paint.bold(name)}  ${words}${effort === '' || gap < 2 ? '' : `${' '.repeat(gap)}${paint.dim(effort)}`}`,
    ...(isToldAbove ? [] : describeExceptions(migration.results, style)),
    ...describeNotes(migration.results, style),
  ];
}

/** The verdict's sign in its colour. */
export function paintGlyph(outcome: Outcome, { paint, glyphs }: Style): string {
  if (outcome === 'waived' || outcome === 'known') return paint.yellow(glyphs.accepted);
  const colors = { held: paint.green, falsified: paint.red, inconclusive: paint.yellow, inapplicable: paint.dim };
  return colors[outcome](glyphs[outcome]);
}

/** Falsified over inconclusive over held over accepted over inapplicable. */
export function worstOutcome(results: readonly ReportResult[]): Outcome {
  const order: readonly Outcome[] = ['falsified', 'inconclusive', 'held', 'waived', 'known'];
  return order.find((outcome) => results.some((result) => outcomeOf(result) === outcome)) ?? 'inapplicable';
}

/** The one reason why none of several results was judged; null where there is not one. */
function soleObstacle(results: readonly ReportResult[]): string | null {
  const [first] = results;
  if (first === undefined || results.length === 1) return null;
  return results.every(({ verdict, reason }) => verdict === 'inconclusive' && reason === first.reason)
    ? first.reason
    : null;
}

function describeExceptions(results: readonly ReportResult[], style: Style): readonly string[] {
  const falsified = results
    .filter(({ verdict, accepted }) => verdict === 'falsified' && accepted?.by !== 'baseline')
    .flatMap((result) =>
      line(
        outcomeOf(result),
        `${result.property}${result.clause === null ? '' : `/${result.clause}`}: ${sanitize(result.reason)}`,
        style,
      ),
    );
  const reasons = new Map<string, string[]>();
  for (const { verdict, property, reason } of results)
    if (verdict === 'inconclusive') reasons.set(reason, [...(reasons.get(reason) ?? []), property]);
  const isEverything = soleObstacle(results) !== null;
  const inconclusive = [...reasons].flatMap(([reason, properties]) =>
    line('inconclusive', `${isEverything ? 'everything' : properties.join(', ')}: ${sanitize(reason)}`, style),
  );
  return [...falsified, ...inconclusive];
}

function line(verdict: Outcome, text: string, style: Style): readonly string[] {
  const [first = '', ...rest] = hang('    x ', text, style.width);
  return [`    ${paintGlyph(verdict, style)} ${first.slice(6)}`, ...rest];
}

function describeNotes(results: readonly ReportResult[], style: Style): readonly string[] {
  const notes = [...new Set(results.flatMap((result) => result.notes))];
  const shown = notes
    .slice(0, MOST_NOTES)
    .flatMap((note) => hang(`    ${style.glyphs.dot} `, sanitize(note), style.width));
  const hidden = notes.length - MOST_NOTES;
  return [...shown, ...(hidden > 0 ? [`      and ${count(hidden, 'more note')} in the JSON report`] : [])].map((text) =>
    style.paint.dim(text),
  );
}
