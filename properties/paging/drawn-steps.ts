/** The steps of a history as they are drawn: those that were taken one by one, or, where sessions ran at once, those that visibility tells. */
import type { HistoryPage, HistoryStep, PagingHistory } from '../../harness/core/paging-history.ts';
import type { Contradiction } from './contradiction.ts';
import { keyOf, viewHistory, type ScanView } from './history-view.ts';
import { changesOf, rowWords } from './words.ts';

export interface DrawnStep {
  readonly session: string;
  /** From 1; null: its place in the drawing. */
  readonly number: number | null;
  readonly text: string;
  /** Empty: nothing to tell. */
  readonly outcome: string;
  readonly notes: readonly string[];
  readonly page: HistoryPage | null;
}

/** Changes that are drawn between two pages of a scan under real concurrency. */
const MOST_CHANGES = 6;

/** What is drawn for a contradiction: everything in order, or the pages around it with what writers did between them. */
export function stepsOf(history: PagingHistory, about: Contradiction | null): readonly DrawnStep[] {
  if (history.steps.length > 0) return history.steps.map((step, index) => taken(history, step, index));
  const view = viewHistory(history).scans[about?.scan ?? 0];
  return view === undefined ? [] : visible(view, about);
}

function taken({ scans }: PagingHistory, step: HistoryStep, index: number): DrawnStep {
  const page = scans.flatMap(({ pages }) => pages).find((candidate) => candidate.step === index) ?? null;
  const { session, text, outcome, blockedBy, resumedAt } = step;
  const waited =
    blockedBy === null
      ? []
      : [resumedAt === null ? `waits for ${blockedBy}` : `waits for ${blockedBy}, goes on at ${resumedAt + 1}`];
  const notes = outcome.includes('blocked') && resumedAt === null ? [] : waited;
  return { session, number: index + 1, text, outcome, notes, page };
}

function visible(view: ScanView, about: Contradiction | null): readonly DrawnStep[] {
  const { pages, scan } = view;
  const wanted = about === null || about.pages.length === 0 ? [1, pages.length] : about.pages;
  const [from, to] = [Math.max(0, Math.min(...wanted) - 2), Math.min(pages.length, Math.max(...wanted) + 1)];
  const row = about?.row == null ? null : keyOf(about.row);
  const own = view.lives.filter(({ identity }) => keyOf(identity) === row);
  const others = view.lives.filter(({ identity }) => keyOf(identity) !== row);
  return pages.slice(from, to).flatMap((page, offset) => {
    const at = from + offset;
    const changes = [...own, ...others].flatMap((life) => changesOf(view, life, at));
    const told = at === from && from > 0 ? [] : changes.slice(0, MOST_CHANGES);
    const more = changes.length - told.length;
    const steps = told.map((text): DrawnStep => plain(writerOf(text), text));
    if (more > 0 && told.length > 0) steps.push(plain('…', `and ${more} more changes`));
    const items = page.items.map(({ identity }) => rowWords(identity).replace('row ', '')).join(', ');
    return [
      ...steps,
      { ...plain(scan.session, `page ${page.number}`), outcome: items === '' ? 'nothing' : `rows ${items}`, page },
    ];
  });
}

function plain(session: string, text: string): DrawnStep {
  return { session, number: null, text, outcome: '', notes: [], page: null };
}

/** The session that a change is told of: its first word. */
function writerOf(text: string): string {
  return text.slice(0, text.indexOf(' '));
}
