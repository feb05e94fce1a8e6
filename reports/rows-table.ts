/** Small aligned tables of database rows, in which NULL, the empty string and the text `NULL` look different. */
import type { Cell, Row } from '../harness/core/dataset.ts';
import type { DialectName } from '../harness/core/migration.ts';
import { cutTo, padTo, widthOf } from './fit.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';

export interface RowsTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly ShownCell[])[];
}

/** A cell ready to print. */
export interface ShownCell {
  readonly text: string;
  readonly isNull: boolean;
}

const LONGEST_CELL = 48;

/**
 * SQLite's cells are literals already. PostgreSQL's are bare text, put in quotes where bare text would mislead: empty,
 * blank at an end, holding control characters, or reading like NULL or a quoted text.
 */
export function showCell(cell: Cell, dialect: DialectName): ShownCell {
  if (cell === null) return { text: 'NULL', isNull: true };
  const safe = sanitize(cell);
  if (dialect === 'sqlite') return { text: safe, isNull: safe === 'NULL' };
  const isMisleading = safe !== cell || cell === '' || cell.trim() !== cell || /^(?:null$|')/iu.test(cell);
  return { text: isMisleading ? `'${safe}'` : safe, isNull: false };
}

/** Rows of a dataset as printable cells. */
export function showRows(rows: readonly Row[], dialect: DialectName): readonly (readonly ShownCell[])[] {
  return rows.map((row) => row.map((cell) => showCell(cell, dialect)));
}

/** Cells that are words of ours, not data. */
export function plainCell(text: string): ShownCell {
  return { text: sanitize(text), isNull: false };
}

/** Lines of the table, each at most `style.width - indent` columns; a table too wide for that is turned: one line for each cell. */
export function renderRows({ columns, rows }: RowsTable, style: Style, indent: number): readonly string[] {
  const pad = ' '.repeat(indent);
  const room = style.width - indent;
  const names = columns.map((name) => sanitize(name));
  for (const longest of [LONGEST_CELL, 24, 14]) {
    const shown = rows.map((row) => row.map((cell) => shorten(cell, longest, style)));
    const widths = names.map((name, at) =>
      Math.max(widthOf(name), ...shown.map((row) => widthOf(row[at]?.text ?? ''))),
    );
    if (widths.reduce((sum, width) => sum + width + 3, 0) - 1 > room) continue;
    return renderGrid(names, shown, widths, style).map((line) => pad + line);
  }
  return renderTurned(names, rows, style, room).map((line) => pad + line);
}

function renderGrid(
  names: readonly string[],
  rows: readonly (readonly ShownCell[])[],
  widths: readonly number[],
  { paint, glyphs }: Style,
): readonly string[] {
  const bar = paint.dim(` ${glyphs.bar} `);
  const header = names.map((name, at) => paint.bold(padTo(name, widths[at] ?? 0))).join(bar);
  const rule = widths.map((width, at) => glyphs.rule.repeat(width + (at === 0 || at === widths.length - 1 ? 1 : 2)));
  const isNumeric = names.map((_, at) => rows.every((row) => /^-?\d+(?:\.\d+)?$|^NULL$/u.test(row[at]?.text ?? '')));
  const lines = rows.map((row) =>
    row
      .map((cell, at) => {
        const text = padTo(cell.text, widths[at] ?? 0, isNumeric[at] === true ? 'right' : 'left');
        return cell.isNull ? paint.dim(text) : text;
      })
      .join(bar)
      .trimEnd(),
  );
  return [header.trimEnd(), paint.dim(rule.join(glyphs.cross)), ...lines];
}

function renderTurned(
  names: readonly string[],
  rows: readonly (readonly ShownCell[])[],
  style: Style,
  room: number,
): readonly string[] {
  const widest = Math.min(Math.max(...names.map(widthOf)), Math.floor(room / 2));
  return rows.flatMap((row, index) => [
    style.paint.dim(`row ${index + 1}`),
    ...row.map((cell, at) => {
      const shown = shorten(cell, Math.max(16, room - widest - 4), style);
      return `  ${padTo(cutTo(names[at] ?? '', widest, style.glyphs.ellipsis), widest)}  ${shown.isNull ? style.paint.dim(shown.text) : shown.text}`;
    }),
  ]);
}

/** A long value keeps its beginning and says how long it is. */
function shorten(cell: ShownCell, longest: number, { glyphs }: Style): ShownCell {
  if (widthOf(cell.text) <= longest) return cell;
  const length = ` (${Array.from(cell.text).length})`;
  return { ...cell, text: cutTo(cell.text, Math.max(4, longest - length.length), glyphs.ellipsis) + length };
}
