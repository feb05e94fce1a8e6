/** A place in a file with its lines and a caret, as compilers draw it. */
import type { ScriptExcerpt } from '../harness/core/explanation.ts';
import type { SourcePlace } from '../harness/core/errors.ts';
import type { StatementRef } from '../harness/core/trace.ts';
import { cutTo, padTo, widthOf } from './fit.ts';
import { sanitize, sanitizeLines } from './sanitize.ts';
import type { Style } from './style.ts';

const MOST_LINES = 6;

/** `file:line:column` and the line with a caret under the column. */
export function drawPlace(place: SourcePlace, style: Style): readonly string[] {
  const where = `${place.file}:${place.line}:${place.column}`;
  if (place.lineText === undefined) return [where];
  const before = sanitize(place.lineText.slice(0, place.column - 1).replaceAll('\t', '  '));
  const line = before + sanitize(place.lineText.slice(place.column - 1).replaceAll('\t', '  '));
  return [where, ...drawLines([line], place.line, widthOf(before), '', style)];
}

/** The statement as it stands in its file, at most six lines of it, with a caret at its start. */
export function drawStatement(at: StatementRef, style: Style): readonly string[] {
  const [first = '', ...rest] = sanitizeLines(at.text);
  const column = Math.min(at.column - 1, 20);
  const lines = [' '.repeat(column) + first, ...rest];
  const shown = lines.slice(0, MOST_LINES);
  const hidden = lines.length - shown.length;
  const caption = at.of > 1 ? `statement ${at.number} of ${at.of}` : '';
  return [
    `${at.file}:${at.line}:${at.column}`,
    ...drawLines(shown, at.line, column, caption, style),
    ...(hidden > 0 ? [style.paint.dim(`${style.glyphs.ellipsis} ${hidden} more lines`)] : []),
  ];
}

/** The lines around a statement, those of the statement marked. */
export function drawExcerpt(
  at: StatementRef,
  { firstLine, lines, from, to }: ScriptExcerpt,
  { paint, glyphs, width }: Style,
): readonly string[] {
  const gutter = String(firstLine + lines.length - 1).length;
  const isLong = to - from >= MOST_LINES;
  const shown = isLong ? lines.slice(0, from - firstLine + MOST_LINES) : lines;
  const hidden = lines.length - shown.length;
  return [
    `${at.file}:${at.line}:${at.column}${at.of > 1 ? ` ${paint.dim(`statement ${at.number} of ${at.of}`)}` : ''}`,
    ...shown.map((text, index) => {
      const line = firstLine + index;
      const isGuilty = line >= from && line <= to;
      const number = `${padTo(String(line), gutter, 'right')} ${glyphs.bar}`;
      const words = cutTo(sanitize(text.replaceAll('\t', '  ')), width - gutter - 10, glyphs.ellipsis);
      return `${isGuilty ? paint.red('>') : ' '} ${paint.dim(number)} ${isGuilty ? words : paint.dim(words)}`.trimEnd();
    }),
    ...(hidden > 0 ? [paint.dim(`${glyphs.ellipsis} ${hidden} more lines`)] : []),
  ];
}

function drawLines(
  lines: readonly string[],
  firstLine: number,
  caretColumn: number,
  caption: string,
  { paint, glyphs, width }: Style,
): readonly string[] {
  const gutter = String(firstLine + lines.length - 1).length;
  const room = width - gutter - 8;
  const caretLine = `${paint.dim(`${' '.repeat(gutter)} ${glyphs.bar}`)} ${' '.repeat(Math.min(caretColumn, room))}${paint.red(glyphs.caret)}${caption === '' ? '' : ` ${paint.dim(caption)}`}`;
  return lines.flatMap((line, index) => {
    const number = paint.dim(`${padTo(String(firstLine + index), gutter, 'right')} ${glyphs.bar}`);
    const drawn = `${number} ${cutTo(line, room, glyphs.ellipsis)}`.trimEnd();
    return index === 0 ? [drawn, caretLine] : [drawn];
  });
}
