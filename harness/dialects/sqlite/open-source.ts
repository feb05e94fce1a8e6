/**
 * Opens other people's data: a database file, with its write-ahead log, or what `.dump` wrote. Both are read into memory, so nothing is
 * written, locked or left beside the file.
 */
import { readFileSync, statSync } from 'node:fs';
import type { Row } from '../../core/dataset.ts';
import { messageOf, PalindromeError } from '../../core/errors.ts';
import type { SchemaModel, Table } from '../../core/schema.ts';
import { writableColumns, type SourceData, type SourceRequest } from '../../core/source-data.ts';
import { keepsNegativeZero } from './capture.ts';
import { buildCatalog } from './catalog.ts';
import { loadDump, notADump } from './dump-load.ts';
import { Home, type Connection } from './home.ts';
import { introspectSchema } from './introspect.ts';
import { literalSql, quoteName } from './quote.ts';
import { SchemaCache } from './schema.ts';
import { replayLog } from './wal.ts';

const MOST_BYTES = 1_000_000_000;
const READ_ATTEMPTS = 5;
const MAGIC = 'SQLite format 3';

/** Opens the data. Throws `dataset-not-found`, `dataset-not-a-dump`, `dataset-breaks-schema`, `dataset-busy` or `dataset-too-large`. */
export async function openSqliteSource({ location }: SourceRequest): Promise<SourceData> {
  if (location.kind === 'url')
    throw notADump(location.shownAs, 'it is the URL of a PostgreSQL database, and the migrations are for SQLite');
  const { path, shownAs } = location;
  const { database, log } = readStill(path, shownAs);
  const isDatabase = database.toString('latin1', 0, MAGIC.length) === MAGIC;
  const head = database.toString('latin1', 0, 4_000);
  if (head.startsWith('PGDMP') || head.includes('-- PostgreSQL database dump'))
    throw notADump(shownAs, 'it is a dump of PostgreSQL, and the migrations are for SQLite');
  const home = new Home(null, isDatabase ? replayLog(database, log) : Buffer.alloc(0), () => undefined);
  try {
    if (!isDatabase) {
      if (database.includes(0)) throw notADump(shownAs, 'it holds bytes that no SQL text does');
      loadDump(home.connection, database.toString('utf8'), shownAs);
      home.touch();
    }
    requireSound(home.connection, shownAs);
    return new FileSource(home, isDatabase ? 'SQLite file' : 'SQLite dump');
  } catch (error) {
    home.close();
    throw error instanceof PalindromeError ? error : notADump(shownAs, 'SQLite cannot read it');
  }
}

/** The file and its log as they were at one moment: nothing changed between the first look and the last. */
function readStill(path: string, shownAs: string): { readonly database: Buffer; readonly log: Buffer } {
  try {
    if (statSync(path).isDirectory()) throw notADump(shownAs, 'it is a folder');
    for (let attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
      const before = stamp(path);
      if (before.bytes > MOST_BYTES)
        throw new PalindromeError('dataset-too-large', `${shownAs} is larger than ${MOST_BYTES / 1_000_000} MB.`, {
          hint: 'Copy it, delete what is not needed, VACUUM the copy, and give that.',
        });
      if (hasHotJournal(path)) throw busy(shownAs, 'a journal beside it holds a transaction that was not finished');
      const database = readFileSync(path);
      const log = readOr(`${path}-wal`);
      if (stamp(path).text === before.text) return { database, log };
    }
  } catch (error) {
    if (error instanceof PalindromeError) throw error;
    throw new PalindromeError('dataset-not-found', `The dataset ${shownAs} cannot be read: ${messageOf(error)}`, {
      hint: 'Give the path of a database or a dump; relative paths start where the command runs.',
      cause: error,
    });
  }
  throw busy(shownAs, 'it was written to each time it was read');
}

function busy(shownAs: string, why: string): PalindromeError {
  return new PalindromeError('dataset-busy', `${shownAs} cannot be read in one piece: ${why}.`, {
    kind: 'environment',
    hint: 'Give a copy: sqlite3 the-file ".backup copy.sqlite"',
  });
}

function stamp(path: string): { readonly text: string; readonly bytes: number } {
  const stats = ['', '-wal'].map((suffix) => statSync(`${path}${suffix}`, { bigint: true, throwIfNoEntry: false }));
  return {
    text: stats.map((found) => `${found?.mtimeNs}/${found?.size}/${found?.ino}`).join(),
    bytes: Number(stats.reduce((sum, found) => sum + (found?.size ?? 0n), 0n)),
  };
}

/** A journal whose header was not wiped belongs to a transaction that has to be rolled back first. */
function hasHotJournal(path: string): boolean {
  return readOr(`${path}-journal`).subarray(0, 8).equals(Buffer.from('d9d505f920a163d7', 'hex'));
}

function readOr(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

/** Throws where pages are damaged or a row's parent is missing. */
function requireSound(connection: Connection, shownAs: string): void {
  const found = connection.pragma('quick_check(1)', { simple: true });
  if (found !== 'ok')
    throw new PalindromeError('dataset-breaks-schema', `${shownAs} fails SQLite's own check: PRAGMA quick_check.`, {
      hint: 'Repair it (sqlite3 the-file .recover), and give the repaired copy.',
    });
  const [orphan] = connection
    .prepare('SELECT "table", rowid, parent FROM pragma_foreign_key_check LIMIT 1')
    .raw()
    .all() as (string | number | null)[][];
  if (orphan === undefined) return;
  const [table, rowid, parent] = orphan;
  throw new PalindromeError(
    'dataset-breaks-schema',
    `${shownAs} breaks its own schema: row ${rowid ?? '?'} of ${table} refers to a row of ${parent} that is not there (foreign key). Nothing of it was used.`,
    { hint: 'PRAGMA foreign_key_check lists all of them. Repair them where they come from.' },
  );
}

class FileSource implements SourceData {
  readonly what: string;
  readonly notes: readonly string[] = [];
  readonly model: SchemaModel;
  readonly catalog: SourceData['catalog'];
  readonly #home: Home;

  constructor(home: Home, what: string) {
    this.#home = home;
    this.what = what;
    const schemas = new SchemaCache();
    this.catalog = buildCatalog(schemas.read(home));
    const model = introspectSchema(home, schemas, true);
    this.model = { ...model, tables: model.tables.map((table) => ({ ...table, existing: [] })) };
  }

  async countRows(table: Table): Promise<number> {
    return this.#home.connection.prepare(`SELECT count(*) FROM main.${table.key}`).pluck().get() as number;
  }

  async rowsAt(table: Table, end: 'first' | 'last', limit: number): Promise<readonly Row[]> {
    return this.#select(table, `${orderOf(table, end)} LIMIT ${limit}`);
  }

  async rowsWith(
    table: Table,
    columns: readonly string[],
    keys: readonly Row[],
    limit: number,
  ): Promise<readonly Row[]> {
    const matches = keys.map(
      (key) => `(${columns.map((name, at) => `${quoteName(name)} = ${key[at]}`).join(' AND ')})`,
    );
    if (matches.length === 0) return [];
    // A condition of hundreds of terms is deeper than SQLite takes; IN over one column is flat.
    const condition =
      columns.length === 1 && columns[0] !== undefined
        ? `${quoteName(columns[0])} IN (${keys.map(([cell]) => cell).join(', ')})`
        : `EXISTS (SELECT 1 FROM (${keys.map((key) => `SELECT ${key.map((cell, at) => `${cell} AS k${at}`).join(', ')}`).join(' UNION ALL ')}) WHERE ${columns.map((name, at) => `k${at} = ${quoteName(name)}`).join(' AND ')})`;
    return this.#select(table, `WHERE ${condition} ${orderOf(table, 'first')} LIMIT ${limit}`);
  }

  async answers(sql: string): Promise<boolean | null> {
    try {
      const statement = this.#home.connection.prepare(sql);
      return statement.readonly && statement.reader ? statement.raw().get() !== undefined : null;
    } catch {
      return null;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#home.close();
  }

  #select(table: Table, rest: string): readonly Row[] {
    const names = writableColumns(table);
    const cells = names.map((name) => {
      const type = table.columns.find((column) => column.name === name)?.type;
      return literalSql(quoteName(name), type?.kind === 'sqlite' && keepsNegativeZero(type.declared));
    });
    if (cells.length === 0) return [];
    return this.#home.connection
      .prepare(`SELECT ${cells.join(', ')} FROM main.${table.key} ${rest}`)
      .raw()
      .all() as Row[];
  }
}

function orderOf({ primaryKey }: Table, end: 'first' | 'last'): string {
  if (primaryKey.length === 0) return '';
  return `ORDER BY ${primaryKey.map((name) => `${quoteName(name)}${end === 'last' ? ' DESC' : ''}`).join(', ')}`;
}
