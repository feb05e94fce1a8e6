/**
 * The port for other people's data: a dump or a database that is read once, masked, and never written anywhere as it is.
 */
import type { Catalog } from './catalog.ts';
import type { Row } from './dataset.ts';
import type { Cluster } from './dialect.ts';
import type { SchemaModel, Table } from './schema.ts';

/** Where the data is. `shownAs` is for people and never holds a password. */
export type SourceLocation =
  | { readonly kind: 'file'; readonly path: string; readonly shownAs: string }
  | {
      readonly kind: 'url';
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly password: string | undefined;
      readonly database: string;
      readonly ssl: boolean;
      readonly shownAs: string;
    };

export interface SourceRequest {
  readonly location: SourceLocation;
  /** Where a dump is loaded, in a database of its own that is dropped when the source is disposed. */
  readonly cluster: Cluster;
  /** Longest time for one statement that reads or loads, milliseconds. */
  readonly statementMs: number;
}

/**
 * Data that is open for reading, in one consistent look. Rows are raw: whoever asks must mask them before anything else.
 * Errors of these methods never repeat a value.
 */
export interface SourceData extends AsyncDisposable {
  /** `PostgreSQL dump`, `PostgreSQL 17.4 database`, `SQLite file`: for people. */
  readonly what: string;
  /** The schema of the data; `existing` is empty everywhere. */
  readonly model: SchemaModel;
  readonly catalog: Catalog;
  /** What a person should know about how it was read. */
  readonly notes: readonly string[];
  countRows(table: Table): Promise<number>;
  /** At most `limit` rows with the least, or greatest, primary keys (without one: as they lie). Cells in the order of `writableColumns`. */
  rowsAt(table: Table, end: 'first' | 'last', limit: number): Promise<readonly Row[]>;
  /** At most `limit` rows whose `columns` are one of `keys`, ordered as `rowsAt` orders. */
  rowsWith(table: Table, columns: readonly string[], keys: readonly Row[], limit: number): Promise<readonly Row[]>;
  /** Whether a query returns a row; null: it cannot be asked here. */
  answers(sql: string): Promise<boolean | null>;
}

/** The columns that rows are read and written with: those that are not generated. */
export function writableColumns(table: Table): readonly string[] {
  return table.columns.filter(({ generated }) => generated === null).map(({ name }) => name);
}
