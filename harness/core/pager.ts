/**
 * A pager: how an application turns pages through one table. Declared in the configuration, as SQL or as a module of the user's own, and
 * judged by `cursor-stable`.
 */
import type { Cell, Row } from './dataset.ts';

/** One part of the total order K, the most significant first. */
export interface PagerKey {
  /** A column of the table, as SQL names it. */
  readonly column: string;
  readonly direction: 'asc' | 'desc';
  /** Where NULL stands; the database's own place for that direction unless said. */
  readonly nulls: 'first' | 'last' | null;
}

/**
 * What may happen to rows whose key changes while a scan is under way: `forbid` (the application never changes a key), `at-least-once`
 * (such a row may come twice, and must come), `may-miss` (it may be missing, and may come twice).
 */
export type MovedRowsPolicy = 'forbid' | 'at-least-once' | 'may-miss';

/**
 * How the client holds the cursor between two pages. `text`: the exact text of each key column. `json`: the same, as base64url JSON.
 * `js-date`: what `pg` and friends do without a parser of their own: timestamps as a JavaScript Date (milliseconds), int8 and numeric as text,
 * int4 and float as number. `offset`: no key at all, the number of items seen.
 */
export type CursorEncoding = 'text' | 'json' | 'js-date' | 'offset';

/** Pages asked for in SQL. `$1`, `$2`, … stand for the cursor's cells in the order of the keys, and after them the page size (SQLite: `?1`). */
export interface SqlPages {
  readonly kind: 'sql';
  /** Its only parameter is the page size. */
  readonly first: string;
  readonly next: string;
  /** The same order from its end, to be turned around by the application; null: it cannot go back. */
  readonly backward: { readonly first: string; readonly next: string } | null;
  readonly cursor: CursorEncoding;
}

/** Pages turned by code of the user's own, through a driver of its own. */
export interface ModulePages {
  readonly kind: 'module';
  readonly open: OpenPager;
}

/** What a module gets: the database's address, and nothing else of ours. */
export interface PagerConnection {
  readonly dialect: 'postgres' | 'sqlite';
  /** A connection string with password (PostgreSQL), or the path of a file (SQLite). */
  readonly url: string;
}

/** An item as a module returns it: its columns by name. Values should be text where JavaScript has no exact form. */
export type ModuleItem = Readonly<Record<string, unknown>>;

export interface ModulePage {
  readonly items: readonly ModuleItem[];
  /** What the client would send for the next page; null: there is none. */
  readonly cursor: string | null;
}

/** A client in the middle of a scan. */
export interface ModuleScan {
  /** The page after `cursor`; null: the first one. */
  next(cursor: string | null): Promise<ModulePage>;
  close?(): Promise<void>;
}

export type OpenPager = (connection: PagerConnection, limit: number) => Promise<ModuleScan> | ModuleScan;

export interface Pager {
  readonly id: string;
  /** The migration from which on it is asked, and up to which; null: wherever its table is. */
  readonly from: string | null;
  readonly until: string | null;
  /** As SQL names it. */
  readonly table: string;
  /** Columns that tell a row from every other; null: the primary key. */
  readonly identity: readonly string[] | null;
  readonly key: readonly PagerKey[];
  /** F, a SQL condition over the table's columns; null: every row. */
  readonly filter: string | null;
  /** `scan`: from one end to the other. `tail`: polled for ever, each committed row is to be delivered once. */
  readonly kind: 'scan' | 'tail';
  readonly movedRows: MovedRowsPolicy;
  /** Any one of them will do; empty: none is promised. */
  readonly indexes: readonly string[];
  /** How much more a deep page may cost than the first. */
  readonly maxCostRatio: number | null;
  /** Whether a cursor that the migration makes meaningless may be refused, and by which words or SQLSTATE. */
  readonly refusal: string | null;
  /** Writer transactions of a case in which sessions are at work at once; 0: there is to be none; null: as many as is usual. */
  readonly overlappingTransactions: number | null;
  readonly pages: SqlPages | ModulePages;
}

/** One item of a page, as exact text. */
export interface PageItem {
  readonly identity: Row;
  /** The cells of K as the page returned them. */
  readonly key: Row;
}

/** A page as a client got it. */
export interface TurnedPage {
  readonly items: readonly PageItem[];
  /** As the client would send it; null: the end. */
  readonly cursor: string | null;
}

/** The cells that a cursor stands for, where that can be told. */
export type CursorCells = readonly Cell[] | null;
