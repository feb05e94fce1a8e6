/**
 * A client in the middle of a scan, whatever turns its pages. SQL pagers are turned here (`sql-turner.ts`), modules through their own driver.
 */
import type { PageItem } from '../../core/pager.ts';
import type { PageSnapshot } from '../../core/paging-history.ts';
import type { DatabaseSession } from '../../core/session.ts';
import type { DatabaseFault } from '../../core/trace.ts';

export type Turned =
  | {
      readonly status: 'page';
      readonly items: readonly PageItem[];
      /** As the client would send it; null: this was the last page. */
      readonly cursor: string | null;
      /** What the page could see, where its own statement told; null: whoever turned it looks. */
      readonly snapshot: PageSnapshot | null;
    }
  | { readonly status: 'blocked'; readonly by: readonly string[] }
  | {
      readonly status: 'failed';
      readonly message: string;
      readonly fault: DatabaseFault | null;
      readonly isConcurrency: boolean;
    };

export type PageDirection = 'forward' | 'backward';

export interface PageTurner extends AsyncDisposable {
  readonly canGoBack: boolean;
  /** The session whose transactions the driver may begin and end; null: the pager has connections of its own. */
  readonly session: DatabaseSession | null;
  /** The page after `cursor`; null: the first one. */
  turn(cursor: string | null, direction: PageDirection): Promise<Turned>;
  /** How a page that was blocked went on. */
  settle(): Promise<Turned>;
}

/** Opens a client whose pages have at most `limit` items. `session` is for reading alone, and not in other use. */
export type OpenTurner = (session: DatabaseSession, limit: number) => Promise<PageTurner>;
