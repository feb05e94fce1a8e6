/**
 * Sessions that stay: connections of a throwaway database that are used step by step, several at once, as the clients of an application
 * would. A step is done when its statement returned, or when it waits for a lock of another session.
 */
import type { Row } from './dataset.ts';
import type { LaterWrite } from './later-write.ts';
import type { IsolationLevel, PageSnapshot } from './paging-history.ts';
import type { DatabaseFault } from './trace.ts';

export interface SessionRequest {
  /** For telling who waits for whom; each name once at a time. */
  readonly name: string;
  /** Whatever writes is refused. */
  readonly isReadOnly: boolean;
}

/** What a write tells of each row that it touched. */
export interface Returning {
  /** Column names; their cells come first. */
  readonly columns: readonly string[];
  /** A condition over the table's columns, as SQL: the last cell is `1` where it holds, else `0`. Null: always `1`. */
  readonly condition: string | null;
}

export type SessionAnswer =
  | {
      readonly status: 'done';
      readonly columns: readonly string[];
      /** Cells as exact text. */
      readonly rows: readonly Row[];
      /**
       * The transaction that wrote, where it is known by now: PostgreSQL tells with the write, SQLite, where transactions are numbered as they
       * commit, with the commit. Decimal text.
       */
      readonly transaction: string | null;
      /** Of a `read`: what the statement could see. */
      readonly snapshot: PageSnapshot | null;
    }
  /** The statement waits for a lock; `settle` tells how it goes on. */
  | { readonly status: 'blocked'; readonly by: readonly string[] }
  | {
      readonly status: 'failed';
      readonly fault: DatabaseFault;
      /** The database's own way of saying no to concurrency: an outcome, not a mistake. */
      readonly isConcurrency: boolean;
    };

/**
 * One connection. Nothing but `settle` may be asked of a session that is blocked. A failed statement leaves the transaction to the caller,
 * who rolls it back. Throws `server-lost` (environment) where the connection is gone.
 */
export interface DatabaseSession extends AsyncDisposable {
  readonly name: string;
  /** `until` statement: the transaction is committed with the next statement, whose answer is that of both. */
  begin(isolation: IsolationLevel, until?: 'statement'): Promise<void>;
  /** Puts in, changes or removes rows, and returns what is asked for of each: of a removed row as it was, of others as they became. */
  write(write: LaterWrite, returning: Returning): Promise<SessionAnswer>;
  /** One statement that returns rows; `params` are the values of its placeholders, as cells. */
  read(sql: string, params: Row): Promise<SessionAnswer>;
  /** How the statement that was blocked went on: it ended, or waits still. */
  settle(): Promise<SessionAnswer>;
  commit(): Promise<SessionAnswer>;
  /** Does nothing where no transaction is open. */
  rollback(): Promise<void>;
}

/** A transaction that is sent whole, statement after statement, while other sessions are at work. */
export interface SentTransaction {
  readonly isolation: IsolationLevel;
  readonly writes: readonly LaterWrite[];
  /** How long it stays open after its last write, milliseconds; 0: a single write is a transaction by itself, without `BEGIN`. */
  readonly lingerMs: number;
  readonly ends: 'commit' | 'rollback';
}

/** A row as a write made it, or as it was where the write removed it. */
export interface WrittenRow {
  /** What `Returning` asks for. */
  readonly cells: Row;
  /** The mark (`markOf`) of the transaction that made the version which the write replaced or removed; null: it replaced none. */
  readonly before: string | null;
}

export interface SentAnswer {
  readonly outcome: 'committed' | 'rolled-back';
  /** Decimal text; null: it wrote nothing. */
  readonly transaction: string | null;
  /** What the versions that it made keep of it, where that is not `markOf` its id; null: it is. */
  readonly mark: string | null;
  /** For each write the rows that it touched; shorter than `writes` where one was refused. */
  readonly writes: readonly (readonly WrittenRow[])[];
  /** What was refused; null: nothing was. */
  readonly fault: DatabaseFault | null;
}

/** A connection of a writer that does not wait for the answer to one transaction before it sends the next. Throws `server-lost`. */
export interface WriterSession extends AsyncDisposable {
  readonly name: string;
  /** One after the other, in that order; the answers are in the same. */
  sendAll(transactions: readonly SentTransaction[], returning: Returning): Promise<readonly SentAnswer[]>;
  /** The committed rows of a table (`Table.key`); `before` is the mark of the transaction that made each. */
  versions(table: string, returning: Returning): Promise<readonly WrittenRow[]>;
}

/** What a row's version keeps of the transaction that made it: PostgreSQL's 32 bits of its 64. */
export function markOf(transaction: string): string {
  return String(BigInt.asUintN(32, BigInt(transaction)));
}

/** How the rows of a key are ordered, for `Database.rankKeys`. */
export interface RankedColumn {
  /** A column's name, without quotes. */
  readonly column: string;
  readonly direction: 'asc' | 'desc';
  readonly nulls: 'first' | 'last' | null;
}
