/** The end of the terminal report: verdicts by property, what was not asked and not checked, and the sum of it all. */
import type { Report, ReportResult, ReportSet } from '../harness/core/report.ts';
import { compareText, count } from '../harness/core/text.ts';
import { groupDigits, hang, padTo, showDuration, widthOf } from './fit.ts';
import { OUTCOMES, outcomeOf, paintGlyph } from './migration-lines.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';

const MOST_NAMES = 6;

/** A table: how each property fared over all sets. */
export function describeProperties(report: Report, style: Style): readonly string[] {
  const results = allResults(report);
  const properties = [...new Set(results.map(({ property }) => property))];
  if (properties.length === 0) return [];
  const width = Math.max(...properties.map(widthOf));
  // Columns for what somebody has accepted stand only where something is.
  const outcomes = OUTCOMES.filter(
    (outcome) => !['waived', 'known'].includes(outcome) || results.some((result) => outcomeOf(result) === outcome),
  );
  const head = ['property', ...outcomes, 'cases'];
  const widths = head.map((name, at) => (at === 0 ? width : Math.max(widthOf(name), 7)));
  const numbers = properties.map((property) => {
    const own = results.filter((result) => result.property === property);
    const tally = outcomes.map((outcome) => own.filter((result) => outcomeOf(result) === outcome).length);
    return { property, tally, cases: countCases(report, property) };
  });
  const cell = (text: string, at: number) => padTo(text, widths[at] ?? 0, at === 0 ? 'left' : 'right');
  return [
    style.paint.dim(`  ${head.map(cell).join('  ')}`),
    ...numbers.map(({ property, tally, cases }) => {
      const cells = tally.map((n, at) => {
        const text = cell(n === 0 ? style.glyphs.dot : String(n), at + 1);
        if (n === 0) return style.paint.dim(text);
        return outcomes[at] === 'falsified' ? style.paint.red(text) : text;
      });
      return `  ${cell(property, 0)}  ${cells.join('  ')}  ${cell(groupDigits(cases), 5)}`;
    }),
  ];
}

/** Several clauses that fail share their cases: each migration's count once. */
function countCases(report: Report, property: string): number {
  const migrations = report.sets.flatMap((set) => set.migrations);
  return migrations.reduce((sum, { results }) => {
    const own = results.filter((result) => result.property === property);
    return sum + Math.max(0, ...own.map(({ cases }) => cases));
  }, 0);
}

/** Why properties were not asked, each reason once with the migrations that it concerns. */
export function describeInapplicable(report: Report, style: Style): readonly string[] {
  const groups = new Map<string, { readonly properties: Set<string>; readonly migrations: Set<string> }>();
  for (const set of report.sets)
    for (const migration of set.migrations)
      for (const { verdict, property, reason } of migration.results) {
        if (verdict !== 'inapplicable') continue;
        const group = groups.get(reason) ?? { properties: new Set(), migrations: new Set() };
        group.properties.add(property);
        group.migrations.add(migration.id);
        groups.set(reason, group);
      }
  if (groups.size === 0) return [];
  return [
    style.paint.bold('Not asked'),
    ...[...groups].flatMap(([reason, { properties, migrations }]) =>
      hang(
        `  ${style.glyphs.inapplicable} `,
        `${[...properties].join(', ')}: ${sanitize(reason)} (${listNames([...migrations], report)})`,
        style.width,
      ),
    ),
  ];
}

/** What the generator could not do; nothing where it could do everything. */
export function describeGeneration(sets: readonly ReportSet[], style: Style): readonly string[] {
  const lines = sets.flatMap(({ generation }) => [
    ...generation.emptyTables.map(({ table, reason }) => `${sanitize(table)} stayed empty: ${sanitize(reason)}`),
    ...generation.refusals
      .filter(({ rate }) => rate > 0.1)
      .slice(0, 5)
      .map(
        ({ table, constraint, refused, proposed }) =>
          `${sanitize(constraint)} refused ${groupDigits(refused)} of ${groupDigits(proposed)} rows proposed for ${sanitize(table)}`,
      ),
  ]);
  return section('Rows that could not be made', [...new Set(lines)], style);
}

/** The report's limits. */
export function describeLimits({ limits }: Report, style: Style): readonly string[] {
  return section('Not checked', limits.map(sanitize), style);
}

/** The last two lines: the counts, then seed, time and what the exit code says. */
export function describeTotals(report: Report, style: Style): readonly string[] {
  const { paint, glyphs } = style;
  const results = allResults(report);
  const migrations = report.sets.reduce((sum, set) => sum + set.migrations.length, 0);
  const tally = OUTCOMES.flatMap((outcome) => {
    const n = results.filter((result) => outcomeOf(result) === outcome).length;
    if (n === 0) return [];
    const text = `${n} ${outcome}`;
    return [`${paintGlyph(outcome, style)} ${outcome === 'falsified' ? paint.red(paint.bold(text)) : text}`];
  });
  const hasAccepted = results.some(({ accepted }) => accepted !== null);
  const { seed, durationMs, exitCode, stoppedBecause } = report.run;
  const facts = [
    `seed ${seed}`,
    showDuration(durationMs),
    `exit ${exitCode}: ${isNewOnly(report) ? meaningOfNew(exitCode) : meaningOf(exitCode, stoppedBecause, hasAccepted)}`,
  ];
  return [
    ...hang('', `${tally.join('   ') || 'nothing was judged'}   in ${count(migrations, 'migration')}`, style.width),
    ...hang('', facts.join(` ${glyphs.dot} `), style.width).map((line) => paint.dim(line)),
  ];
}

/** Whether failures that earlier runs had are there, and do not count. */
function isNewOnly({ comparison, run }: Report): boolean {
  if (comparison?.failOn !== 'new' || ![0, 4].includes(run.exitCode)) return false;
  return comparison.failures.some(({ status }) => status !== 'new');
}

function meaningOfNew(exitCode: number): string {
  return exitCode === 0 ? 'no failure is new' : 'no failure is new, but something was inconclusive';
}

function meaningOf(exitCode: number, stoppedBecause: string, hasAccepted: boolean): string {
  const meanings: Readonly<Record<number, string>> = {
    0: hasAccepted ? 'no failure but those that were accepted' : 'everything judged held',
    1: 'a property was falsified',
    3: `the harness or its environment failed: ${sanitize(stoppedBecause)}`,
    4: hasAccepted
      ? 'no failure but those that were accepted, and something was inconclusive'
      : 'nothing was falsified, but something was inconclusive or nothing ran',
    130: 'interrupted',
  };
  return meanings[exitCode] ?? sanitize(stoppedBecause);
}

function section(title: string, lines: readonly string[], style: Style): readonly string[] {
  if (lines.length === 0) return [];
  return [style.paint.bold(title), ...lines.flatMap((line) => hang(`  ${style.glyphs.bullet} `, line, style.width))];
}

function listNames(ids: readonly string[], report: Report): string {
  const all = new Set(report.sets.flatMap((set) => set.migrations.map(({ id }) => id)));
  if (ids.length === all.size) return ids.length === 1 ? sanitize(ids[0] ?? '') : 'every migration';
  const shown = ids.toSorted(compareText).slice(0, MOST_NAMES).map(sanitize).join(', ');
  return ids.length > MOST_NAMES ? `${shown} and ${ids.length - MOST_NAMES} more` : shown;
}

function allResults(report: Report): readonly ReportResult[] {
  return report.sets.flatMap((set) => set.migrations.flatMap((migration) => migration.results));
}
