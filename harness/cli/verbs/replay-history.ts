/** `palindrome replay <history>`: what happened is judged once more, by the clauses of today and without a database. */
import { count } from '../../core/text.ts';
import type { PagingHistory } from '../../core/paging-history.ts';
import { HISTORY_CLAUSES, type HistoryClause } from '../../../properties/paging/clauses.ts';
import { PAGING_LAWS, type Contradiction } from '../../../properties/paging/contradiction.ts';
import { drawHistory } from '../../../properties/paging/draw.ts';
import { findFlaws } from '../../../properties/paging/flaws.ts';
import { viewHistory, type HistoryView } from '../../../properties/paging/history-view.ts';
import { drawInterleaving } from '../../../reports/interleaving.ts';
import { hang } from '../../../reports/fit.ts';
import { sanitize } from '../../../reports/sanitize.ts';
import type { Style } from '../../../reports/style.ts';

/** The lines to print, and the exit code: 1 a clause is contradicted, 0 none is, 3 the history contradicts itself. */
export function replayHistory(
  history: PagingHistory,
  file: string,
  style: Style,
): { lines: readonly string[]; exitCode: number } {
  const { paint, glyphs, width } = style;
  const flaws = findFlaws(history);
  const [flaw] = flaws;
  const start = describeStart(history, file, style);
  if (flaw !== undefined) {
    const said = hang(
      `${paint.red(glyphs.falsified)} error: `,
      sanitize(`the history cannot be judged: ${flaws.join('; ')}`),
      width,
    );
    return { lines: [...start, '', ...said], exitCode: 3 };
  }
  const view = viewHistory(history);
  const judged = HISTORY_CLAUSES.map((clause) => judgeClause(clause, view));
  const found = judged.flatMap(({ contradictions }) => contradictions);
  const [first = null] = found;
  return {
    lines: [
      ...start,
      '',
      ...judged.flatMap((clause) => describeClause(clause, style)),
      '',
      ...drawInterleaving(drawHistory(history, first), style),
      '',
      first === null
        ? `${paint.green(glyphs.held)} ${paint.bold('fixed')}: no clause is contradicted by this history`
        : `${paint.red(glyphs.falsified)} ${paint.bold('still fails')}: ${count(found.length, 'contradiction')}`,
    ],
    exitCode: first === null ? 0 : 1,
  };
}

interface JudgedClause {
  readonly id: HistoryClause['id'];
  readonly isAsked: boolean;
  readonly contradictions: readonly Contradiction[];
}

function judgeClause({ id, isAsked, judge }: HistoryClause, { scans }: HistoryView): JudgedClause {
  const asked = scans.filter((scan) => isAsked(scan));
  return { id, isAsked: asked.length > 0, contradictions: asked.flatMap((scan) => judge(scan)) };
}

function describeClause(
  { id, isAsked, contradictions }: JudgedClause,
  { paint, glyphs, width }: Style,
): readonly string[] {
  const name = id.padEnd(14);
  const law = PAGING_LAWS.find((clause) => clause.id === id)?.law ?? '';
  if (!isAsked) return [paint.dim(`  ${glyphs.inapplicable} ${name} not asked of this history`)];
  const [first, ...more] = contradictions;
  if (first === undefined) return hang(`  ${glyphs.held} ${name} `, law, width);
  const told = [first.message, ...first.because].join('; ');
  return [
    ...hang(`  ${glyphs.falsified} ${name} `, sanitize(told), width),
    ...(more.length === 0
      ? []
      : hang(' '.repeat(19), `and ${count(more.length, 'more contradiction')} of this clause`, width)),
  ];
}

function describeStart(
  { pager, dialect, engineVersion, mode, scans, transactions, versions }: PagingHistory,
  file: string,
  style: Style,
): readonly string[] {
  const { paint, glyphs, width } = style;
  const engine = `${dialect === 'postgres' ? 'PostgreSQL' : 'SQLite'} ${engineVersion}`;
  const pages = scans.reduce((sum, scan) => sum + scan.pages.length, 0);
  return [
    `${paint.bold(sanitize(pager.id))} ${glyphs.dot} ${paint.bold('cursor-stable')}  ${paint.dim(sanitize(file))}`,
    ...hang(
      '',
      `Recorded on ${engine}, ${mode}: ${count(scans.length, 'scan')} with ${count(pages, 'page')}, ${count(transactions.length, 'transaction')}, ${count(versions.length, 'version')} of rows. Checked again without a database.`,
      width,
    ),
  ];
}
