/**
 * A history drawn for a person: a column for each session, a line or more for each step, top to bottom as it went. Beside each page stand
 * what its snapshot saw and where the cursor came to. Plain text, at most a hundred columns wide.
 */
import stringWidth from 'string-width';
import type { HistoryPage, HistoryScan, PagingHistory } from '../../harness/core/paging-history.ts';
import { sanitize } from '../../harness/core/text.ts';
import type { Contradiction } from './contradiction.ts';
import { stepsOf, type DrawnStep } from './drawn-steps.ts';
import { eraOf } from './words.ts';

/** Two columns less than a hundred: reports set it in by two. */
const WIDEST = 98;
/** Below it a column is too narrow to read; steps then stand one below the other. */
const NARROWEST = 22;
const GAP = ' │ ';

/** The interleaving that led to a contradiction, line by line; `about` is put first. */
export function drawHistory(history: PagingHistory, about: Contradiction | null): readonly string[] {
  const scan = history.scans[about?.scan ?? 0];
  if (scan === undefined) return [];
  const steps = stepsOf(history, about);
  const sessions = [...new Set([scan.session, ...steps.map(({ session }) => session)])];
  const head = describe(history, scan);
  const numbers = String(steps.length).length;
  const each = Math.floor((WIDEST - numbers - 1 - GAP.length * (sessions.length - 1)) / sessions.length);
  return [...head, '', ...(each < NARROWEST ? list(steps, numbers) : drawColumns(steps, sessions, numbers, each))].map(
    (line) => line.trimEnd(),
  );
}

function describe({ pager, engineVersion, dialect }: PagingHistory, scan: HistoryScan): readonly string[] {
  const key = pager.key.map(({ column, direction }) => (direction === 'asc' ? column : `${column} desc`)).join(', ');
  const engine = `${dialect === 'postgres' ? 'PostgreSQL' : 'SQLite'} ${engineVersion}`;
  const per = scan.transactionPer === 'page' ? 'a transaction for each page' : 'one transaction for all pages';
  const way = scan.direction === 'forward' ? '' : ', backwards';
  return fold(
    sanitize(
      `${pager.table} by ${key}${way}, on ${engine}; ${scan.session}: ${scan.isolation.replace('-', ' ')}, ${per}`,
    ),
    WIDEST,
  );
}

function drawColumns(
  steps: readonly DrawnStep[],
  sessions: readonly string[],
  numbers: number,
  widest: number,
): readonly string[] {
  const widths = sessions.map((session) => {
    const own = steps.filter((step) => step.session === session).flatMap(linesOf);
    return Math.min(widest, Math.max(stringWidth(session), ...own.map((line) => stringWidth(line))));
  });
  const margin = ' '.repeat(numbers + 1);
  const row = (cells: readonly string[]): string => cells.map((cell, at) => pad(cell, widths[at] ?? 0)).join(GAP);
  const rule = widths.map((width) => '─'.repeat(width)).join('─┼─');
  const body = steps.flatMap((step, index) => {
    const at = sessions.indexOf(step.session);
    const lines = linesOf(step).flatMap((line) => fold(line, widths[at] ?? widest));
    return lines.map((line, position) => {
      const number = position === 0 ? String(step.number ?? index + 1).padStart(numbers) : ' '.repeat(numbers);
      return `${number} ${row(sessions.map((_session, column) => (column === at ? line : '')))}`;
    });
  });
  return [`${margin}${row(sessions.map(sanitize))}`, `${margin}${rule}`, ...body];
}

function list(steps: readonly DrawnStep[], numbers: number): readonly string[] {
  return steps.flatMap((step, index) => {
    const [first = '', ...more] = linesOf(step);
    const head = fold(`${sanitize(step.session)}: ${first}`, WIDEST - numbers - 1);
    const lines = [...head, ...more.flatMap((line) => fold(line, WIDEST - numbers - 3).map((part) => `  ${part}`))];
    return lines.map(
      (line, position) =>
        `${position === 0 ? String(step.number ?? index + 1).padStart(numbers) : ' '.repeat(numbers)} ${line}`,
    );
  });
}

function linesOf({ text, outcome, notes, page }: DrawnStep): readonly string[] {
  const told = outcome === '' ? [] : [`→ ${outcome}`];
  return [text, ...told, ...notes, ...(page === null ? [] : pageLines(page))].map((line) => sanitize(line));
}

function pageLines({ cursorIn, cursorOut, snapshot, era }: HistoryPage): readonly string[] {
  const without = snapshot.inProgress.length === 0 ? '' : ` but ${listShort(snapshot.inProgress)}`;
  const where = cursorOut === null ? 'the end' : `cursor ${cursorOut}`;
  return [
    cursorIn === null ? 'from the start' : `after ${cursorIn}`,
    `sees all below ${snapshot.xmax}${without}`,
    `then ${where}`,
    ...(era === 'steady' ? [] : [eraOf(era)]),
  ];
}

function listShort(ids: readonly string[]): string {
  return ids.length > 6 ? `${ids.slice(0, 6).join(', ')}, … (${ids.length})` : ids.join(', ');
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

/** Breaks at blanks, and words that are too long between characters; later lines stand two blanks in. */
function fold(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  const take = (piece: string, joint: string): void => {
    const longer = line === '' ? piece : `${line}${joint}${piece}`;
    if (stringWidth(longer) <= width) line = longer;
    else if (line.trim() === '') line = longer;
    else {
      lines.push(line);
      line = `  ${piece}`;
    }
  };
  for (const word of text.split(' ')) {
    const pieces = stringWidth(word) <= width - 2 ? [word] : cut(word, width - 2);
    for (const [at, piece] of pieces.entries()) take(piece, at === 0 ? ' ' : '');
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

function cut(word: string, width: number): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const { segment } of new Intl.Segmenter('en').segment(word)) {
    if (piece !== '' && stringWidth(piece + segment) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += segment;
  }
  return [...pieces, piece];
}
