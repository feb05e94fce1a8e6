/**
 * The state of a database at one moment: its catalog, its rows and its sequences.
 */
import type { Catalog } from './catalog.ts';
import type { Row } from './dataset.ts';

export interface TableState {
  /** `Table.key`. */
  readonly table: string;
  /** Column names in position order; generated columns included. */
  readonly columns: readonly string[];
  /** Column type as the database prints it, one for each of `columns`. */
  readonly types: readonly string[];
  /** Column names; empty where there is no primary key. */
  readonly primaryKey: readonly string[];
  readonly rowCount: number;
  /** The rows in an unspecified order; null where there are more than the capture's row limit: then only `digest` tells. */
  readonly rows: readonly Row[] | null;
  /** Hash of the multiset of rows over all columns, order of rows and columns aside. Equal digests: equal content. */
  readonly digest: string;
}

export interface SequenceState {
  /** Qualified and quoted. */
  readonly name: string;
  /** What `nextval` would give, as decimal text. */
  readonly nextValue: string;
  readonly increment: string;
  /** The column that the sequence fills; null: none. */
  readonly ownedBy: { readonly table: string; readonly column: string } | null;
  /** The greatest (with a negative increment: least) value in that column; null: no value, or no column. */
  readonly columnExtreme: string | null;
}

/** Values of a SQL expression over each row of a table, asked for at the moment of capture. */
export interface Projection {
  readonly table: string;
  readonly sql: string;
  /** One entry a row: the row's primary key cells (or, without a key, all its cells) and the expression's value. */
  readonly values: readonly { readonly key: Row; readonly value: string | null }[];
}

export interface Snapshot {
  readonly catalog: Catalog;
  /** By `Table.key`. Views are not tables; leaves of partitions are part of their root. */
  readonly tables: ReadonlyMap<string, TableState>;
  readonly sequences: readonly SequenceState[];
  readonly projections: readonly Projection[];
}
