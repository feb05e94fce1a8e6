/**
 * Interleavings: what several clients do to one table, step by step, while others turn pages through it. Plain data, stored with a
 * counterexample, reduced step by step, and done again.
 */
import type { CaseRequest } from './case.ts';
import type { Dataset, Row } from './dataset.ts';
import type { NamedCells } from './later-write.ts';
import type { IsolationLevel } from './paging-history.ts';

/** One step of one session. Writers are called `w1`, `w2`, …, readers `r1`, …; writes outside of a transaction are one each. */
export type InterleavingStep =
  | { readonly session: string; readonly op: 'begin' | 'commit' | 'rollback' }
  /** The next page of the reader's scan. */
  | { readonly session: string; readonly op: 'page' }
  /** `reinsert`: the identity was there before. */
  | {
      readonly session: string;
      readonly op: 'insert' | 'reinsert';
      readonly columns: readonly string[];
      readonly row: Row;
    }
  /** `update-key` sets columns of K. */
  | {
      readonly session: string;
      readonly op: 'update-key' | 'update-other';
      readonly key: NamedCells;
      readonly columns: readonly string[];
      readonly row: Row;
    }
  | { readonly session: string; readonly op: 'delete'; readonly key: NamedCells };

export interface Interleaving {
  /** Of the transactions of all sessions. */
  readonly isolation: IsolationLevel;
  /** The database has no other level than that one. Absent: it has. */
  readonly hasOneLevel?: true;
  readonly transactionPer: 'page' | 'scan';
  /** Items a page. */
  readonly limit: number;
  readonly steps: readonly InterleavingStep[];
}

/** What a generator is told: the rows are to be legal in `model`. */
export interface InterleavingRequest extends Omit<CaseRequest, 'focus'> {
  /** `Table.key` of the table that is paged. */
  readonly table: string;
  /** Columns that tell a row from every other, by name. */
  readonly identity: readonly string[];
  readonly key: readonly { readonly column: string; readonly direction: 'asc' | 'desc' }[];
  /** Whether writers may change keys. */
  readonly movesRows: boolean;
  readonly isolations: readonly IsolationLevel[];
  /** Transactions of each writer; absent: one to three, which people can follow. */
  readonly transactions?: number;
}

/** Rows to begin with, parents first, and what happens then. */
export interface GeneratedInterleaving {
  readonly rows: Dataset;
  readonly interleaving: Interleaving;
}
