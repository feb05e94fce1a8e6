/** One scan while it is driven. */
import type { PageItem } from '../../core/pager.ts';
import type { PageEra, PageSnapshot } from '../../core/paging-history.ts';
import type { DatabaseSession } from '../../core/session.ts';
import type { DriveRequest } from './drive.ts';
import type { PageDirection, PageTurner, Turned } from './page-turner.ts';

export interface DrivenPage {
  readonly limit: number;
  readonly snapshot: PageSnapshot;
  readonly cursorIn: string | null;
  readonly cursorOut: string | null;
  readonly items: readonly PageItem[];
  readonly step: number | null;
}

export interface DrivenScan {
  readonly session: string;
  readonly turner: PageTurner;
  readonly direction: PageDirection;
  readonly limit: number;
  readonly isTail: boolean;
  readonly pages: DrivenPage[];
  /** What the client would send. */
  cursor: string | null;
  isComplete: boolean;
  /** More pages were turned than a pager that ends would have. */
  isCut: boolean;
  /** A tail is polled until a page is not full. */
  isDraining: boolean;
  failure: Extract<Turned, { readonly status: 'failed' }> | null;
  /** Which schema the failed page met, where there is more than one. */
  failedIn?: PageEra;
}

/** A scan's client, before its first page. */
export async function openScan(
  session: DatabaseSession,
  { openTurner, interleaving, paged }: Pick<DriveRequest, 'openTurner' | 'interleaving' | 'paged'>,
): Promise<DrivenScan> {
  const turner = await openTurner(session, interleaving.limit);
  return startScan(session.name, turner, interleaving.limit, 'forward', paged.pager.kind === 'tail');
}

/** A scan of which nothing is known yet. */
export function startScan(
  session: string,
  turner: PageTurner,
  limit: number,
  direction: PageDirection,
  isTail: boolean,
): DrivenScan {
  const state = { pages: [], cursor: null, isComplete: false, isCut: false, isDraining: false, failure: null };
  return { session, turner, direction, limit, isTail, ...state };
}

/** Whether no more page is to be asked for; `rows`: all that can ever be ahead of a scan. */
export function hasEnded(scan: DrivenScan, rows: number): boolean {
  if (scan.failure !== null || scan.isComplete) return true;
  scan.isCut = scan.pages.length > mostPages(scan, rows);
  return scan.isCut;
}

/** Pages of a pager that ends, however the rows came (clause 5); a tail's polls that find nothing come on top. */
function mostPages({ limit, isTail, pages }: DrivenScan, rows: number): number {
  const polls = isTail ? pages.filter(({ items }) => items.length < limit).length : 0;
  return Math.ceil(rows / limit) + 1 + polls;
}

/** Keeps a page, and what the client will send next. */
export function keepPage(
  scan: DrivenScan,
  { items, cursor }: Extract<Turned, { readonly status: 'page' }>,
  snapshot: PageSnapshot,
  step: number | null,
): void {
  scan.pages.push({ limit: scan.limit, snapshot, cursorIn: scan.cursor, cursorOut: cursor, items, step });
  if (!scan.isTail) {
    scan.cursor = cursor;
    scan.isComplete = cursor === null;
    return;
  }
  // A tail goes on from the last item that it got, if it got one.
  scan.cursor = cursor ?? scan.cursor;
  scan.isComplete = scan.isDraining && items.length < scan.limit;
}
