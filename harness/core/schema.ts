/**
 * The schema as generators need it: which rows are legal. Read from the database by a dialect, never from the scripts.
 * (The schema as comparisons need it, every attribute of every object as text, is the `Catalog`.)
 */
import type { DialectName } from './migration.ts';
import type { Row } from './dataset.ts';

export type ColumnType =
  /** Bounds are decimal text, inclusive: they exceed what a JavaScript number holds. */
  | { readonly kind: 'integer'; readonly min: string; readonly max: string }
  /** `precision`/`scale` null: unconstrained. PostgreSQL 15 admits a negative scale. */
  | {
      readonly kind: 'numeric';
      readonly precision: number | null;
      readonly scale: number | null;
      readonly hasNaN: boolean;
      readonly hasInfinity: boolean;
    }
  | { readonly kind: 'float'; readonly bits: 32 | 64 }
  | { readonly kind: 'money' }
  /** `maxLength` in characters. `fixed`: blank-padded `char(n)`. `caseInsensitive`: citext, or a nondeterministic or NOCASE collation. */
  | {
      readonly kind: 'text';
      readonly maxLength: number | null;
      readonly fixed: boolean;
      readonly caseInsensitive: boolean;
    }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'bytes' }
  | { readonly kind: 'date' }
  /** `precision`: digits of a second's fraction, 0 to 6. */
  | { readonly kind: 'time'; readonly withZone: boolean; readonly precision: number }
  | { readonly kind: 'timestamp'; readonly withZone: boolean; readonly precision: number }
  | { readonly kind: 'interval'; readonly precision: number }
  | { readonly kind: 'uuid' }
  | { readonly kind: 'json'; readonly binary: boolean }
  | { readonly kind: 'enum'; readonly name: string; readonly labels: readonly string[] }
  | { readonly kind: 'array'; readonly element: ColumnType }
  | {
      readonly kind: 'range';
      readonly element: ColumnType;
      readonly isMulti: boolean;
      readonly isDiscrete: boolean;
    }
  | {
      readonly kind: 'composite';
      readonly name: string;
      readonly fields: readonly { readonly name: string; readonly type: ColumnType }[];
    }
  | {
      readonly kind: 'domain';
      readonly name: string;
      readonly base: ColumnType;
      readonly isNotNull: boolean;
      /** Conditions over `VALUE`. */ readonly checks: readonly string[];
    }
  | { readonly kind: 'network'; readonly which: 'inet' | 'cidr' | 'macaddr' | 'macaddr8' }
  | { readonly kind: 'bits'; readonly length: number | null; readonly isVarying: boolean }
  | {
      readonly kind: 'geometric';
      readonly which: 'point' | 'line' | 'lseg' | 'box' | 'path' | 'polygon' | 'circle';
    }
  | { readonly kind: 'textSearch'; readonly which: 'tsvector' | 'tsquery' }
  | { readonly kind: 'hstore' }
  | { readonly kind: 'ltree' }
  | { readonly kind: 'xml' }
  /** A SQLite column: the declared type's affinity decides what is stored. `declared` is upper-case, as written (`VARCHAR(20)`, `BOOLEAN`, `DATETIME`, ''). */
  | {
      readonly kind: 'sqlite';
      readonly affinity: 'INTEGER' | 'TEXT' | 'REAL' | 'NUMERIC' | 'BLOB';
      readonly declared: string;
      readonly isStrict: boolean;
      readonly isNoCase: boolean;
    }
  /** No generator for this type: the column is filled with NULL or its default, and the table stays empty if neither is possible. */
  | { readonly kind: 'unsupported'; readonly name: string };

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly isNullable: boolean;
  /** The default's SQL as the database prints it; null: none. */
  readonly defaultSql: string | null;
  /** Generated columns are never inserted; identity columns are, with OVERRIDING SYSTEM VALUE. */
  readonly generated: 'stored' | 'virtual' | null;
  readonly identity: 'always' | 'by-default' | null;
  /** SQLite's INTEGER PRIMARY KEY, or a column that a sequence fills. */
  readonly isAutoNumbered: boolean;
}

export interface UniqueKey {
  readonly name: string;
  readonly columns: readonly string[];
  /** True where the key has expressions: then `columns` are those the expressions mention. */
  readonly hasExpressions: boolean;
  /** The key's column list or expressions as SQL. */
  readonly sql: string;
  /** A partial index's condition. */
  readonly predicate: string | null;
  readonly nullsNotDistinct: boolean;
  readonly isPrimary: boolean;
}

export interface ForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  /** `Table.key` of the table referred to. */
  readonly refTable: string;
  readonly refColumns: readonly string[];
  readonly match: 'simple' | 'full' | 'partial';
  readonly isDeferrable: boolean;
  readonly onDelete: string;
  readonly onUpdate: string;
  /** False where new rows are not checked: NOT ENFORCED, switched off triggers, SQLite with foreign keys off. Rows older than a NOT VALID key may break it too. */
  readonly isEnforced: boolean;
}

export interface Check {
  readonly name: string;
  /** The condition as the database prints it, without the keyword CHECK. */
  readonly sql: string;
  /** The columns it mentions. */
  readonly columns: readonly string[];
  /** False for NOT VALID: rows loaded before it was added may break it (new rows may not). */
  readonly isValidated: boolean;
}

export interface Exclusion {
  readonly name: string;
  readonly columns: readonly string[];
  readonly sql: string;
}

export interface Table {
  /** Unique in the schema, and SQL: quoted and qualified where needed (`public."Order"`, `users`). */
  readonly key: string;
  /** PostgreSQL schema; `main` on SQLite. */
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly Column[];
  /** Column names; empty where there is none. */
  readonly primaryKey: readonly string[];
  readonly uniques: readonly UniqueKey[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly checks: readonly Check[];
  readonly exclusions: readonly Exclusion[];
  /** Names of the enabled user triggers: they may change or refuse rows. */
  readonly triggers: readonly string[];
  /** For a partitioned root: how rows find a leaf. Leaves are not listed as tables of their own; PostgreSQL's children by inheritance are. */
  readonly partitioning: {
    readonly strategy: 'range' | 'list' | 'hash';
    readonly columns: readonly string[];
    /** Bound of each partition that rows can reach, as SQL (`FOR VALUES …`, `DEFAULT`): of the first level only where partitions are partitioned again. */ readonly bounds: readonly string[];
  } | null;
  /** Why no row can be inserted, for people; null: it can. */
  readonly notInsertable: string | null;
  /** Rows already there: put by earlier migrations. Cells in the order of `columns`. At most 200 are listed. */
  readonly existing: readonly Row[];
}

export interface SchemaModel {
  readonly dialect: DialectName;
  /** Ordered by `key`, by code unit. */
  readonly tables: readonly Table[];
}
