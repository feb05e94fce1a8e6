/** One client of a pager: what asks for the next page, and what it is told. */
import type { PageItem } from '../../core/pager.ts';
import type { PageSnapshot, ScanFailure } from '../../core/paging-history.ts';

export interface TurnRequest {
  /** As the client would send it; null: the first page. */
  readonly cursor: string | null;
  readonly direction: 'forward' | 'backward';
  /** Items that a page has at most. */
  readonly limit: number;
}

export type Turned =
  | {
      readonly status: 'page';
      readonly items: readonly PageItem[];
      /** Null: the pager says that this was the last page. */
      readonly cursor: string | null;
      /** What the page could see; null: the pager's own driver asked, and nobody was told. */
      readonly snapshot: PageSnapshot | null;
    }
  /** The page waits for a lock of other sessions. */
  | { readonly status: 'blocked'; readonly by: readonly string[] }
  | { readonly status: 'failed'; readonly failure: ScanFailure };

/** Turns the pages of one scan. */
export interface PageTurner {
  readonly canGoBack: boolean;
  turn(request: TurnRequest): Promise<Turned>;
  close(): Promise<void>;
}
