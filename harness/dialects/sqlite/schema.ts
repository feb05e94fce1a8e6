/**
 * The schema of a database as SQLite tells it, read once and kept until the text of `sqlite_schema` changes.
 */
import { parseCreateTable } from './create-table.ts';
import type { ParsedTable } from './create-table.ts';
import { foldName } from './normal-form.ts';
import { touchesSession } from './execute.ts';
import type { Connection, Home } from './home.ts';
import { quoteIdentifier, quoteText } from './quote.ts';

/** One row of `sqlite_schema`. */
export interface SchemaEntry {
  readonly type: 'table' | 'index' | 'view' | 'trigger';
  readonly name: string;
  readonly tableName: string;
  /** Null for indexes that SQLite made for a constraint. */
  readonly sql: string | null;
}

export interface RawColumn {
  readonly name: string;
  readonly type: string;
  readonly isNotNull: boolean;
  readonly defaultSql: string | null;
  /** From 1 by position in the primary key; 0: not in it. */
  readonly keyPosition: number;
  readonly generated: 'stored' | 'virtual' | null;
  /** A hidden column of a virtual table. */
  readonly isHidden: boolean;
}

export interface RawIndex {
  readonly name: string;
  readonly isUnique: boolean;
  /** `constraint`: UNIQUE in the table; `primary key`; `index`: CREATE INDEX. */
  readonly origin: 'constraint' | 'primary key' | 'index';
  readonly isPartial: boolean;
  /** The key's terms; `column` is null for an expression. */
  readonly terms: readonly {
    readonly column: string | null;
    readonly isDescending: boolean;
    readonly collation: string;
  }[];
  readonly sql: string | null;
}

export interface RawForeignKey {
  readonly columns: readonly string[];
  /** As the child's definition spells it. */
  readonly refTable: string;
  /** Null where the definition leaves them to the parent's primary key. */
  readonly refColumns: readonly string[] | null;
  readonly onUpdate: string;
  readonly onDelete: string;
  readonly match: string;
}

export interface RawTable {
  readonly key: string;
  readonly name: string;
  readonly kind: 'table' | 'virtual';
  readonly sql: string;
  readonly parsed: ParsedTable | null;
  readonly isWithoutRowid: boolean;
  readonly isStrict: boolean;
  readonly isAutoincrement: boolean;
  readonly columns: readonly RawColumn[];
  readonly indexes: readonly RawIndex[];
  readonly foreignKeys: readonly RawForeignKey[];
}

export interface RawSchema {
  /** Identifies the schema and the settings that are kept in the file. */
  readonly key: string;
  readonly entries: readonly SchemaEntry[];
  /** Without SQLite's own tables and those that virtual tables keep for themselves. */
  readonly tables: readonly RawTable[];
  readonly settings: {
    readonly userVersion: string;
    readonly applicationId: string;
    readonly encoding: string;
    readonly autoVacuum: string;
    readonly journal: string;
  };
  readonly hasSequences: boolean;
  /** Whether a trigger or view asks for something that belongs to a session, such as `last_insert_rowid()`. */
  readonly asksSession: boolean;
}

/** Schemas kept; each costs some kilobytes. */
const SCHEMAS_KEPT = 8;

/** Reads schemas, and keeps the last few: a trajectory visits the same ones again and again. */
export class SchemaCache {
  readonly #kept = new Map<string, RawSchema>();

  /** The schema of the main database. */
  read(home: Home): RawSchema {
    const entries = readEntries(home);
    const settings = readSettings(home);
    const key = JSON.stringify([entries, settings]);
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const schema = readSchema(home.connection, key, entries, settings);
    this.#kept.set(key, schema);
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size > SCHEMAS_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return schema;
  }
}

/** The table of that name, compared as SQLite compares names. */
export function findTable(schema: Pick<RawSchema, 'tables'>, name: string): RawTable | undefined {
  const folded = foldName(name);
  return schema.tables.find((table) => foldName(table.name) === folded);
}

function readEntries(home: Home): SchemaEntry[] {
  const rows = home.prepare('SELECT type, name, tbl_name, sql FROM main.sqlite_schema').raw().all();
  return (rows as [SchemaEntry['type'], string, string, string | null][]).map(([type, name, tableName, sql]) => ({
    type,
    name,
    tableName,
    sql,
  }));
}

const AUTO_VACUUM = ['none', 'full', 'incremental'];

function readSettings(home: Home): RawSchema['settings'] {
  const row = home
    .prepare(
      `SELECT u.user_version, a.application_id, e.encoding, v.auto_vacuum, j.journal_mode FROM pragma_user_version AS u,
       pragma_application_id AS a, pragma_encoding AS e, pragma_auto_vacuum AS v, pragma_journal_mode AS j`,
    )
    .raw()
    .get() as [number, number, string, number, string];
  return {
    userVersion: String(row[0]),
    applicationId: String(row[1]),
    encoding: row[2],
    autoVacuum: AUTO_VACUUM[row[3]] ?? String(row[3]),
    // Only the write-ahead log is kept in the file; the other modes belong to a session.
    journal: row[4] === 'wal' ? 'wal' : 'rollback',
  };
}

function readSchema(
  connection: Connection,
  key: string,
  entries: readonly SchemaEntry[],
  settings: RawSchema['settings'],
): RawSchema {
  const listed = connection
    .prepare(
      `SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual')`,
    )
    .raw()
    .all() as [string, 'table' | 'virtual', number, number][];
  const sqlOf = new Map(entries.filter(({ type }) => type === 'table').map(({ name, sql }) => [name, sql ?? '']));
  const tables = listed
    .filter(([name]) => !isInternal(name))
    .map(([name, kind, withoutRowid, strict]) => {
      const sql = sqlOf.get(name) ?? '';
      const parsed = kind === 'table' ? parseCreateTable(sql) : null;
      return {
        key: quoteIdentifier(name),
        name,
        kind,
        sql,
        parsed,
        isWithoutRowid: withoutRowid === 1,
        isStrict: strict === 1,
        isAutoincrement: isAutoincrement(parsed),
        columns: readColumns(connection, name),
        indexes: readIndexes(connection, name, entries),
        foreignKeys: readForeignKeys(connection, name),
      };
    })
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return {
    key,
    entries,
    tables,
    settings,
    hasSequences: entries.some(({ name }) => name === 'sqlite_sequence'),
    asksSession: entries.some(({ sql }) => sql !== null && touchesSession(sql)),
  };
}

/** Tables and indexes that SQLite makes for itself and no statement can remove. */
function isInternal(name: string): boolean {
  return foldName(name).startsWith('sqlite_');
}

function isAutoincrement(parsed: ParsedTable | null): boolean {
  if (parsed === null) return false;
  const constraints = [...parsed.constraints, ...parsed.columns.flatMap((column) => column.constraints)];
  return constraints.some((constraint) => constraint.kind === 'primary key' && constraint.isAutoincrement);
}

function readColumns(connection: Connection, table: string): RawColumn[] {
  const rows = connection.prepare(`PRAGMA main.table_xinfo(${quoteText(table)})`).all() as {
    name: string;
    type: string;
    notnull: number;
    dflt_value: string | null;
    pk: number;
    hidden: number;
  }[];
  return rows.map((row) => ({
    name: row.name,
    type: row.type.replace(/\s*generated always$/i, ''),
    isNotNull: row.notnull === 1,
    defaultSql: row.dflt_value,
    keyPosition: row.pk,
    generated: row.hidden === 2 ? 'virtual' : row.hidden === 3 ? 'stored' : null,
    isHidden: row.hidden === 1,
  }));
}

const ORIGINS = { u: 'constraint', pk: 'primary key', c: 'index' } as const;

function readIndexes(connection: Connection, table: string, entries: readonly SchemaEntry[]): RawIndex[] {
  const rows = connection.prepare(`PRAGMA main.index_list(${quoteText(table)})`).all() as {
    name: string;
    unique: number;
    origin: keyof typeof ORIGINS;
    partial: number;
  }[];
  return rows.map((row) => {
    const terms = connection.prepare(`PRAGMA main.index_xinfo(${quoteText(row.name)})`).all() as {
      cid: number;
      name: string | null;
      desc: number;
      coll: string;
      key: number;
    }[];
    return {
      name: row.name,
      isUnique: row.unique === 1,
      origin: ORIGINS[row.origin],
      isPartial: row.partial === 1,
      terms: terms
        .filter((term) => term.key === 1)
        .map((term) => ({
          column: term.cid === -2 ? null : (term.name ?? 'rowid'),
          isDescending: term.desc === 1,
          collation: term.coll,
        })),
      sql: entries.find((entry) => entry.type === 'index' && entry.name === row.name)?.sql ?? null,
    };
  });
}

function readForeignKeys(connection: Connection, table: string): RawForeignKey[] {
  const rows = connection.prepare(`PRAGMA main.foreign_key_list(${quoteText(table)})`).all() as {
    id: number;
    seq: number;
    table: string;
    from: string;
    to: string | null;
    on_update: string;
    on_delete: string;
    match: string;
  }[];
  const ids = [...new Set(rows.map((row) => row.id))].toSorted((a, b) => a - b);
  return ids.map((id) => {
    const ordered = rows.filter((row) => row.id === id).toSorted((a, b) => a.seq - b.seq);
    const first = ordered[0];
    const targets = ordered.map((part) => part.to);
    return {
      columns: ordered.map((part) => part.from),
      refTable: first?.table ?? '',
      refColumns: targets.includes(null) ? null : targets.map(String),
      onUpdate: first?.on_update ?? 'NO ACTION',
      onDelete: first?.on_delete ?? 'NO ACTION',
      match: first?.match ?? 'NONE',
    };
  });
}
