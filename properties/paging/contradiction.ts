/** What a clause of `cursor-stable` finds in a history. */
import type { Row } from '../../harness/core/dataset.ts';

export type PagingClause =
  | 'complete'
  | 'sound'
  | 'at-most-once'
  | 'ordered'
  | 'terminates'
  | 'answers'
  | 'moved-rows'
  | 'quiescent'
  | 'delivered'
  | 'across'
  | 'codec'
  | 'index'
  | 'total-order';

/** A place where a history breaks a clause. */
export interface Contradiction {
  readonly clause: PagingClause;
  /** One sentence: which row, which pages, what is wrong. */
  readonly message: string;
  /** Why it came to be, as far as the history tells: sentences. */
  readonly because: readonly string[];
  /** The identity of the row that it is about; null: of none. */
  readonly row: Row | null;
  /** Position of the scan in the history, from 0; null: of none. */
  readonly scan: number | null;
  /** Numbers of the pages that show it. */
  readonly pages: readonly number[];
}
