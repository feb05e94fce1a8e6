/**
 * The `palindrome-history/1` format: everything that happened to one table while pages were turned through it, and nothing that only a
 * clock would know. Whoever records it knows the transaction that made and ended each version of each row, and the snapshot of each page;
 * whoever checks it needs no database, so that a history is checked again by a later checker.
 *
 * Visibility is the only order there is: a version is there for a page if its snapshot sees the transaction that made it and does not see
 * the one that ended it. Keys are compared by `rank`, which the database gave them by its own ORDER BY.
 */
import type { Row } from './dataset.ts';
import type { DialectName } from './migration.ts';
import type { MovedRowsPolicy, PagerKey } from './pager.ts';
import type { DatabaseFault } from './trace.ts';

/**
 * What a page could see. PostgreSQL: `pg_current_snapshot()`. SQLite, where writers take turns: transactions are numbered as they commit,
 * `xmax` is one more than the last one, and `inProgress` is empty.
 */
export interface PageSnapshot {
  /** Transactions below it had ended. */
  readonly xmin: string;
  /** Transactions from it on had not begun. Decimal text: transaction ids go beyond 2^53. */
  readonly xmax: string;
  /** Between the two, those that were under way. */
  readonly inProgress: readonly string[];
}

/** A transaction that wrote. `id` is its xid8, or its place in the order of commits. */
export interface HistoryTransaction {
  readonly id: string;
  readonly session: string;
  readonly outcome: 'committed' | 'rolled-back';
}

/** One version of one row. */
export interface RowVersion {
  /** The row's identity. */
  readonly identity: Row;
  /** Lives of that identity, from 1: after a delete, the same identity put in again is the next one. */
  readonly incarnation: number;
  readonly key: Row;
  /** The place of `key` in K among all keys of the history, from 0; equal keys have equal ranks. */
  readonly rank: number;
  /** Whether F holds for it. */
  readonly matches: boolean;
  /** The transaction that made it; null: it was there before everything. */
  readonly madeBy: string | null;
  /** The transaction that replaced or removed it; null: none that was committed or is in the history. */
  readonly endedBy: string | null;
  readonly endedHow: 'update' | 'delete' | null;
}

export interface HistoryItem {
  readonly identity: Row;
  readonly key: Row;
  /** The place of `key` in K; null: no version of the history has that key. */
  readonly rank: number | null;
}

export interface HistoryPage {
  /** From 1 within its scan. */
  readonly number: number;
  readonly limit: number;
  readonly snapshot: PageSnapshot;
  /** What the client sent; null: nothing, the first page. */
  readonly cursorIn: string | null;
  /** Null: the pager said that this was the last page. */
  readonly cursorOut: string | null;
  readonly items: readonly HistoryItem[];
  /** Which of `steps` it was; null in overlapping mode. */
  readonly step: number | null;
  /** Which schema it met. */
  readonly era: PageEra;
}

export type PageEra = 'steady' | 'before-up' | 'during-up' | 'after-up' | 'during-down' | 'after-down';

export type IsolationLevel = 'read-committed' | 'repeatable-read' | 'serializable';

/** One client going through the pages, first to last. */
export interface HistoryScan {
  readonly session: string;
  readonly isolation: IsolationLevel;
  /** `page`: each page in a transaction of its own. */
  readonly transactionPer: 'page' | 'scan';
  readonly direction: 'forward' | 'backward';
  readonly pages: readonly HistoryPage[];
  /**
   * `complete`: the pager said so. `cut`: stopped where no terminating pager would still be going (clause 5 judges whether it ought to have
   * ended). `unfinished`: the run ended before, which is nobody's fault. `failed`: the pager failed.
   */
  readonly ended: 'complete' | 'cut' | 'unfinished' | 'failed';
  readonly failure: ScanFailure | null;
}

export interface ScanFailure {
  /** What went wrong, in one sentence. */
  readonly message: string;
  readonly fault: DatabaseFault | null;
  /** The database's own way of saying no to concurrency (deadlock, serialisation): an outcome, not a failure. */
  readonly isConcurrency: boolean;
  /** An error that the pager declared for cursors that the migration made meaningless. */
  readonly isDeclaredRefusal: boolean;
  /** The schema that the failed page met; absent: that of the page before it. */
  readonly era?: PageEra;
}

/** One step of one session, as told and drawn. */
export interface HistoryStep {
  readonly session: string;
  /** What it did, in one line: `BEGIN`, `UPDATE … (7)`, `page 2`. */
  readonly text: string;
  /** How it ended, in one line: `1 row`, `blocked by w1`, `deadlock (40P01)`, `rows 9, 8`. */
  readonly outcome: string;
  /** Session that it waited for; null: none. */
  readonly blockedBy: string | null;
  /** The step at which a blocked one went on; null: it was not blocked, or never did. */
  readonly resumedAt: number | null;
}

export interface PagingHistory {
  readonly format: 'palindrome-history/1';
  readonly dialect: DialectName;
  readonly engineVersion: string;
  readonly mode: 'stepped' | 'overlapping' | 'quiescent';
  readonly pager: {
    readonly id: string;
    readonly table: string;
    readonly identity: readonly string[];
    readonly key: readonly PagerKey[];
    readonly filter: string | null;
    readonly kind: 'scan' | 'tail';
    readonly movedRows: MovedRowsPolicy;
  };
  readonly transactions: readonly HistoryTransaction[];
  readonly versions: readonly RowVersion[];
  readonly scans: readonly HistoryScan[];
  /** In the order in which they were taken; empty in overlapping mode. */
  readonly steps: readonly HistoryStep[];
}

/** One cursor sent through the pager's own codec, or a broken one. */
export interface CodecProbe {
  /** The key that the cursor was made of; null: it was garbled on purpose. */
  readonly key: Row | null;
  readonly cursor: string;
  /** `kept`: the next page starts exactly after that key. `changed`: it starts elsewhere. `refused`: an error that says what is wrong. `failed`: an error of another kind. `accepted`: a garbled cursor went through. */
  readonly outcome: 'kept' | 'changed' | 'refused' | 'failed' | 'accepted';
  readonly message: string | null;
}

/** What is seen of one pager in one case. */
export interface PagingEvidence {
  readonly kind: 'paging';
  readonly pager: string;
  /** What was done beside the moments, one line each. */
  readonly steps: readonly string[];
  readonly histories: readonly PagingHistory[];
  readonly codec: readonly CodecProbe[];
  /** Pages whose plan was read; empty where the pager promises no index. */
  readonly plans: readonly PagePlan[];
  /** Why the schema does not make K a total order, so that nothing was run (`whyNotTotal`); null: it does. */
  readonly order: string | null;
  /** What the pager promises of its plans. */
  readonly promises: {
    /** Any one of them will do; empty: none is promised. */
    readonly indexes: readonly string[];
    /** How much more a deep page may cost than the first. */
    readonly maxCostRatio: number | null;
  };
  /** Whether cursors can be followed from before the up to after it. */
  readonly isCrossing: boolean;
  /** The SQL that shows it, for a person to repeat. */
  readonly shown: string;
  /** What comes before the up, where the case begins there; absent: nothing does. */
  readonly shownBefore?: string;
}

/** The plan of one page, near the start or deep in the table. */
export interface PagePlan {
  readonly page: 'first' | 'next' | 'deep';
  readonly era: PageEra;
  /** The declared index that it reads; null: none of them. */
  readonly index: string | null;
  /** The estimate for the page, in the database's own unit, as it prints it; null where it has none. */
  readonly cost: string | null;
  readonly text: string;
}

/** Whether a page sees what a transaction did. `outcomes`: of every transaction that wrote, by id. */
export function sees(
  snapshot: PageSnapshot,
  transaction: string | null,
  outcomes: ReadonlyMap<string, HistoryTransaction['outcome']>,
): boolean {
  if (transaction === null) return true;
  if (outcomes.get(transaction) !== 'committed') return false;
  if (BigInt(transaction) >= BigInt(snapshot.xmax)) return false;
  return !snapshot.inProgress.includes(transaction);
}
