/** The table of the catalogue: a row for each property and dialect, for a terminal and for the README. */
import { PROPERTY_IDS } from '../../harness/core/property.ts';
import { padTo } from '../../reports/fit.ts';
import type { FaultCase } from './fault-cases.ts';
import { MOST_CASES, propertyOf } from './fault-lab.ts';
import type { Measured } from './measure.ts';

const DIALECTS = ['postgres', 'sqlite'] as const;
const BEGIN = '<!-- faults: npm run faults -- --record -->';
const END = '<!-- end of faults -->';
const HEAD = ['property', 'dialect', 'pairs', 'detected', 'false alarms', 'cases needed: median', 'worst'] as const;

/** Whether every bad twin was found with every seed, and no good one was complained about. */
export function isPerfect({ needed, falseAlarms }: Measured): boolean {
  return falseAlarms.length === 0 && needed.every((cases) => cases !== null && cases <= MOST_CASES);
}

/** The rows under `HEAD`, properties in their order, then dialects, and a sum. */
export function rowsOf(
  faults: readonly FaultCase[],
  measured: ReadonlyMap<string, Measured>,
): readonly (readonly string[])[] {
  const groups = PROPERTY_IDS.flatMap((property) =>
    DIALECTS.map((dialect) =>
      faults.filter((fault) => fault.property === property && fault.dialect === dialect && measured.has(fault.name)),
    ),
  ).filter((group) => group.length > 0);
  if (groups.length === 0) return [];
  const rows = groups.map((group) => {
    const { property = '', dialect = '' } = group[0] ?? {};
    const all = faults.filter((fault) => fault.property === property && fault.dialect === dialect);
    return rowOf(property, dialect, group, all.length, measured);
  });
  return [...rows, rowOf('all', '', groups.flat(), faults.length, measured)];
}

function rowOf(
  property: string,
  dialect: string,
  group: readonly FaultCase[],
  known: number,
  measured: ReadonlyMap<string, Measured>,
): readonly string[] {
  const seen = group.flatMap(({ name }) => measured.get(name) ?? []);
  const runs = seen.flatMap(({ needed }) => needed);
  const found = runs.filter((cases) => cases !== null).toSorted((a, b) => a - b);
  const alarms = new Set(
    group.flatMap(({ name }) =>
      (measured.get(name)?.falseAlarms ?? []).map((alarm) => `${name} ${alarm.split(':')[0]}`),
    ),
  );
  const [first] = group;
  const isAll = property !== 'all' && first !== undefined && propertyOf(first).quantifier === 'some-case';
  return [
    property,
    dialect,
    group.length === known ? String(known) : `${group.length} of ${known}`,
    `${found.length} of ${runs.length}`,
    `${alarms.size} of ${runs.length}`,
    isAll ? 'all' : String(found[Math.floor((found.length - 1) / 2)] ?? '–'),
    isAll ? 'all' : String(found.at(-1) ?? '–'),
  ];
}

/** For a terminal. */
export function drawTable(rows: readonly (readonly string[])[]): string {
  const widths = HEAD.map((head, at) => Math.max(head.length, ...rows.map((row) => row[at]?.length ?? 0)));
  return [HEAD, ...rows]
    .map((row) =>
      row
        .map((cell, at) => padTo(cell, widths[at] ?? 0, at < 2 ? 'left' : 'right'))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The README's block, between the two comments that mark it; without rows there is nothing between them. */
export function renderMarkdown(rows: readonly (readonly string[])[], seeds: number): string {
  if (rows.length === 0) return `${BEGIN}\n${END}`;
  const isWhole = rows.every(([, , pairs]) => !pairs?.includes('of'));
  const rest =
    ' Where it says “3 of 5”, three pairs were measured with all seeds so far; the tests try every pair with one.';
  return [
    BEGIN,
    '<!-- prettier-ignore-start -->',
    '',
    `Runs are pairs times seeds, ${seeds} of them. \`all\`: the property fails only where no case shows what it asks for.${isWhole ? '' : rest}`,
    '',
    `| ${HEAD.join(' | ')} |`,
    `| ${HEAD.map((_, at) => (at < 2 ? '---' : '---:')).join(' | ')} |`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
    '<!-- prettier-ignore-end -->',
    END,
  ].join('\n');
}

/** The block of a README that holds the table; null where there is none. */
export function findTable(readme: string): string | null {
  const from = readme.indexOf(BEGIN);
  const to = readme.indexOf(END, from);
  return from === -1 || to === -1 ? null : readme.slice(from, to + END.length);
}
