/** What became of the data that was given to start from: in three lines, or, for reviewing, column by column. */
import type { ReportDataset, ReportSet } from '../harness/core/report.ts';
import { count } from '../harness/core/text.ts';
import { groupDigits, hang, padTo, widthOf } from './fit.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';

/** For the end of a run; nothing where no data was given. The JSON report lists every column. */
export function describeDatasets(sets: readonly Pick<ReportSet, 'dataset'>[], style: Style): readonly string[] {
  const datasets = sets.flatMap(({ dataset }) => (dataset === null ? [] : [dataset]));
  if (datasets.length === 0) return [];
  const lines = datasets.flatMap((dataset) => [summarise(dataset), describeKinds(dataset), ...dataset.notes]);
  return [
    style.paint.bold('Data that was masked'),
    ...lines.flatMap((line) => hang(`  ${style.glyphs.bullet} `, sanitize(line), style.width)),
  ];
}

function summarise(dataset: ReportDataset): string {
  const [rows, taken, loaded] = (['rows', 'taken', 'loaded'] as const).map((key) =>
    dataset.tables.reduce((sum, table) => sum + table[key], 0),
  );
  const part =
    taken === rows
      ? `all ${groupDigits(taken ?? 0)} rows`
      : `${groupDigits(taken ?? 0)} of ${groupDigits(rows ?? 0)} rows`;
  const kept = loaded === taken ? '' : `, of which ${groupDigits(loaded ?? 0)} could be used`;
  const at = dataset.after === null ? '' : `, as it was after ${dataset.after}`;
  const used = dataset.usedFor.length === 0 ? 'of no migration' : `of ${count(dataset.usedFor.length, 'migration')}`;
  const salt = dataset.hasSalt ? '' : '; masked with a salt drawn for this run';
  return `${dataset.source} (${dataset.what}${at}): ${part}${kept}; a case ${used}${salt}`;
}

function describeKinds({ columns }: ReportDataset): string {
  const byRule = columns.filter(({ by }) => by === 'rule').length;
  const kinds = new Map<string, number>();
  for (const { kind } of columns) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const listed = [...kinds].toSorted(([, a], [, b]) => b - a).map(([kind, n]) => `${n} ${kind}`);
  return `${count(columns.length, 'column')}, ${byRule} by rule and the others by guess: ${listed.join(', ')}`;
}

/** Every column with what was done to it. */
export function describeColumns(dataset: ReportDataset, style: Style): readonly string[] {
  const head = ['column', 'kind', 'by', 'masked', 'kept', 'NULL'];
  const rows = dataset.columns.map(({ table, column, kind, by, masked, kept, nulls }) => [
    sanitize(`${table}.${column}`),
    kind,
    by,
    ...[masked, kept, nulls].map(groupDigits),
  ]);
  const widths = head.map((title, at) => Math.max(widthOf(title), ...rows.map((row) => widthOf(row[at] ?? ''))));
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, at) => padTo(cell, widths[at] ?? 0, at < 3 ? 'left' : 'right')).join('  ')}`.trimEnd();
  const left = dataset.leftOut.map(
    ({ table, reason, rows: n }) => `${count(n, 'row')} of ${table} left out: ${reason}`,
  );
  return [
    style.paint.dim(line(head)),
    ...rows.map(line),
    ...left.flatMap((text) => hang(`  ${style.glyphs.bullet} `, sanitize(text), style.width)),
  ];
}
