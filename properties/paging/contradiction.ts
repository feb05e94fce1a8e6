/** What a clause of `cursor-stable` finds in a history. */
import type { Row } from '../../harness/core/dataset.ts';

/** The law of each clause, one sentence, in the order in which they are listed. */
export const PAGING_LAWS = [
  {
    id: 'total-order',
    law: 'K holds a unique key of the table without NULLs, or the filter fixes the rest of one: no two rows have equal keys.',
  },
  {
    id: 'complete',
    law: 'A row that every page of a scan sees, that matches and whose key stays, comes exactly once.',
  },
  { id: 'sound', law: 'What a page returns was visible to its snapshot, matched, and had that key.' },
  {
    id: 'at-most-once',
    law: 'A life of a row whose key never changes comes at most once, also if it began or ended while the scan went on.',
  },
  { id: 'ordered', law: 'Across all pages, keys strictly grow in the order K.' },
  {
    id: 'terminates',
    law: 'The cursor advances, and pages ≤ ⌈(rows at the first snapshot + rows that entered ahead of the cursor) / L⌉ + 1.',
  },
  { id: 'answers', law: 'Every page is answered, a deadlock or a serialisation failure aside.' },
  { id: 'moved-rows', law: 'A row whose key changes while a scan goes on is dealt with as the pager declares.' },
  {
    id: 'quiescent',
    law: 'With nobody writing, the pages of every size are the ordered query cut into pieces, and backwards its mirror.',
  },
  {
    id: 'delivered',
    law: 'A tail that is polled for ever delivers each committed row once, and none before it commits.',
  },
  { id: 'across', law: 'A scan that the migration crosses satisfies the same, or its cursor is refused as declared.' },
  { id: 'codec', law: 'decode(encode(K)) = K over all values of the key columns, and a broken cursor is refused.' },
  {
    id: 'index',
    law: 'The plan of every page reads a declared index, and a deep page costs no more than the declared ratio.',
  },
] as const;
export type PagingClause = (typeof PAGING_LAWS)[number]['id'];

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
