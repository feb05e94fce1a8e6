/** The lines of one migration in the list: one if everything held, and one more for each reason why something did not. */
import type { VerdictKind } from '../harness/core/property.ts';
import { VERDICTS } from '../harness/core/property.ts';
import type { ReportMigration, ReportResult } from '../harness/core/report.ts';
import { count } from '../harness/core/text.ts';
import { cutTo, groupDigits, hang, padTo, showDuration, widthOf } from './fit.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';

const MOST_NOTES = 3;

/** `nameWidth`: columns that the longest name of the set takes, so that lines of a set stand under each other. */
export function describeMigration(migration: ReportMigration, nameWidth: number, style: Style): readonly string[] {
  const { paint, glyphs, width } = style;
  const worst = worstVerdict(migration.results);
  const room = Math.min(nameWidth, Math.max(20, width - 50));
  const name = padTo(cutTo(sanitize(migration.name), room, glyphs.ellipsis), room);
  const tally = VERDICTS.flatMap((verdict) => {
    const n = migration.results.filter((result) => result.verdict === verdict).length;
    return n === 0 ? [] : [`${n} ${verdict}`];
  });
  const cases = Math.max(0, ...migration.results.map((result) => result.cases));
  const effort =
    cases === 0
      ? ''
      : [
          `${groupDigits(cases)} ${cases === 1 ? 'case' : 'cases'}`,
          ...(migration.durationMs === 0 ? [] : [showDuration(migration.durationMs)]),
        ].join(', ');
  const words = tally.join(', ') || 'not judged';
  const plain = `${name}  ${words}`;
  const gap = width - 2 - widthOf(plain) - widthOf(effort);
  return [
    `${paintGlyph(worst, style)} ${worst === 'held' ? name : paint.bold(name)}  ${words}${effort === '' || gap < 2 ? '' : `${' '.repeat(gap)}${paint.dim(effort)}`}`,
    ...describeExceptions(migration.results, style),
    ...describeNotes(migration.results, style),
  ];
}

/** The verdict's sign in its colour. */
export function paintGlyph(verdict: VerdictKind, { paint, glyphs }: Style): string {
  const colors = { held: paint.green, falsified: paint.red, inconclusive: paint.yellow, inapplicable: paint.dim };
  return colors[verdict](glyphs[verdict]);
}

/** Falsified over inconclusive over held over inapplicable. */
function worstVerdict(results: readonly ReportResult[]): VerdictKind {
  const order: readonly VerdictKind[] = ['falsified', 'inconclusive', 'held'];
  return order.find((verdict) => results.some((result) => result.verdict === verdict)) ?? 'inapplicable';
}

function describeExceptions(results: readonly ReportResult[], style: Style): readonly string[] {
  const falsified = results
    .filter(({ verdict }) => verdict === 'falsified')
    .flatMap(({ property, clause, reason }) =>
      line('falsified', `${property}${clause === null ? '' : `/${clause}`}: ${sanitize(reason)}`, style),
    );
  const reasons = new Map<string, string[]>();
  for (const { verdict, property, reason } of results)
    if (verdict === 'inconclusive') reasons.set(reason, [...(reasons.get(reason) ?? []), property]);
  const inconclusive = [...reasons].flatMap(([reason, properties]) =>
    line('inconclusive', `${properties.join(', ')}: ${sanitize(reason)}`, style),
  );
  return [...falsified, ...inconclusive];
}

function line(verdict: VerdictKind, text: string, style: Style): readonly string[] {
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
