/** What a finding says differs, in words and small tables. */
import type { CatalogChange } from '../harness/core/catalog.ts';
import type { DialectName } from '../harness/core/migration.ts';
import type { TableDifference } from '../harness/core/property.ts';
import { count } from '../harness/core/text.ts';
import type { DatabaseFault } from '../harness/core/trace.ts';
import { hang } from './fit.ts';
import { plainCell, renderRows, showCell, showRows } from './rows-table.ts';
import { sanitize, sanitizeLines } from './sanitize.ts';
import type { Style } from './style.ts';

const MOST_CHANGES = 20;
const MOST_ROWS = 8;

/** One sentence for each change, most important attributes named. */
export function describeCatalogChanges(
  changes: readonly CatalogChange[],
  style: Style,
  indent: number,
): readonly string[] {
  const pad = ' '.repeat(indent);
  const lines = changes
    .slice(0, MOST_CHANGES)
    .flatMap((change) => hang(`${pad}${style.glyphs.bullet} `, describeChange(change), style.width));
  const hidden = changes.length - MOST_CHANGES;
  return hidden > 0 ? [...lines, `${pad}${style.glyphs.ellipsis} and ${hidden} more, all in the JSON report`] : lines;
}

function describeChange(change: CatalogChange): string {
  const subject = `${change.kind} ${sanitize(change.name)}`;
  if (change.change === 'altered') {
    const { attribute, expected, actual } = change;
    return `${subject}: ${sanitize(attribute)} should be ${showAttribute(expected)}, is ${showAttribute(actual)}`;
  }
  const words = change.change === 'missing' ? 'is missing' : 'should not be there';
  return `${subject} ${words}${describeAttributes(change.attributes)}`;
}

function describeAttributes(attributes: Readonly<Record<string, string | null>>): string {
  const told = ['type', 'definition', 'default', 'labels', 'label order']
    .flatMap((name) => {
      const value = attributes[name];
      return typeof value === 'string' ? [`${name} ${sanitize(value)}`] : [];
    })
    .slice(0, 2);
  return told.length === 0 ? '' : ` (${told.join(', ')})`;
}

function showAttribute(value: string | null): string {
  return value === null ? 'absent' : sanitize(value) || "''";
}

/** Rows that should be there and are not, rows that should not be there, and cells that changed. */
export function describeDifference(
  difference: TableDifference,
  dialect: DialectName,
  style: Style,
  indent: number,
): readonly string[] {
  const pad = ' '.repeat(indent);
  const { table, columns, missing, extra, changed } = difference;
  const lines = [`${pad}${style.paint.bold(sanitize(table))}`];
  if (changed.length > 0) {
    const rows = changed
      .slice(0, MOST_ROWS)
      .map(({ key, column, expected, actual }) => [
        plainCell(key.map((cell) => showCell(cell, dialect).text).join(', ')),
        plainCell(column),
        showCell(expected, dialect),
        showCell(actual, dialect),
      ]);
    lines.push(...renderRows({ columns: ['row', 'column', 'expected', 'is'], rows }, style, indent + 2));
    lines.push(...more(changed.length, indent + 2));
  }
  for (const [rows, words] of [
    [missing, 'should be there and is not'],
    [extra, 'is there and should not be'],
  ] as const) {
    if (rows.length === 0) continue;
    if (lines.length > 1) lines.push('');
    lines.push(
      `${pad}  ${count(rows.length, 'row')} that ${rows.length === 1 ? words : words.replaceAll(/\bis\b/gu, 'are')}`,
    );
    lines.push(...renderRows({ columns, rows: showRows(rows.slice(0, MOST_ROWS), dialect) }, style, indent + 2));
    lines.push(...more(rows.length, indent + 2));
  }
  return lines;
}

/** The database's own words for an error. */
export function describeFault(fault: DatabaseFault, style: Style, indent: number): readonly string[] {
  const pad = ' '.repeat(indent);
  const [first = '', ...rest] = sanitizeLines(fault.message);
  return [
    ...hang(`${pad}${style.paint.red(sanitize(fault.code))}  `, first, style.width),
    ...rest.map((line) => `${pad}  ${line}`),
    ...(fault.detail === null ? [] : sanitizeLines(fault.detail).map((line) => `${pad}  ${line}`)),
    ...(fault.hint === null ? [] : sanitizeLines(`hint: ${fault.hint}`).map((line) => `${pad}  ${line}`)),
  ];
}

function more(total: number, indent: number): readonly string[] {
  return total > MOST_ROWS ? [`${' '.repeat(indent)}and ${total - MOST_ROWS} more, all in the JSON report`] : [];
}
