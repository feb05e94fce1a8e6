/**
 * Other people's data, read through one session in one `REPEATABLE READ READ ONLY` transaction: nothing can be written, and every row is of
 * the same moment. Errors that may quote a value are told by SQLSTATE alone.
 */
import { DatabaseError } from 'pg';
import type { Client } from 'pg';
import type { Catalog } from '../../core/catalog.ts';
import type { Row } from '../../core/dataset.ts';
import { PalindromeError } from '../../core/errors.ts';
import type { SchemaModel, Table } from '../../core/schema.ts';
import { writableColumns, type SourceData } from '../../core/source-data.ts';
import { LOOK_SETTINGS } from './capture.ts';
import { readCatalog } from './catalog.ts';
import { closeClient, openClient, queryRows, SET_EXACT_TEXT } from './connection.ts';
import type { PostgresServer } from './connection.ts';
import { introspectSchema } from './introspect.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';

export interface ReadRequest {
  readonly server: PostgresServer;
  readonly database: string;
  readonly what: (version: string) => string;
  readonly notes: readonly string[];
  readonly statementMs: number;
  /** Gives back what stands behind the data, after its session is closed. */
  readonly dispose: () => Promise<void>;
}

/** Opens a database for reading. Throws `server-unreachable`, and `dataset-unreadable` where the session may not read everything. */
export async function openDatabaseSource(request: ReadRequest): Promise<SourceData> {
  const client = await openClient(request.server, request.database, {
    statementMs: request.statementMs,
    settings: { ...LOOK_SETTINGS, default_transaction_read_only: 'on' },
  });
  try {
    // Only a superuser may: then a query that fails, with the keys in it, is in no log.
    await client.query('SET log_min_error_statement = panic').catch(() => undefined);
    const model = await introspectSchema(client);
    await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${SET_EXACT_TEXT} SET LOCAL search_path = ''`);
    const catalog = await readCatalog(client, { roles: false });
    const [row] = await queryRows(client, `SELECT split_part(current_setting('server_version'), ' ', 1)`);
    return new DatabaseSource(client, request, row?.[0] ?? '', withoutRows(model), catalog);
  } catch (error) {
    await closeClient(client);
    throw unreadable(error);
  }
}

/** The model lists rows that are there: those are raw. */
function withoutRows(model: SchemaModel): SchemaModel {
  return { ...model, tables: model.tables.map((table) => ({ ...table, existing: [] })) };
}

class DatabaseSource implements SourceData {
  readonly what: string;
  readonly notes: readonly string[];
  readonly model: SchemaModel;
  readonly catalog: Catalog;
  readonly #client: Client;
  readonly #request: ReadRequest;

  constructor(client: Client, request: ReadRequest, version: string, model: SchemaModel, catalog: Catalog) {
    this.#client = client;
    this.#request = request;
    this.what = request.what(version);
    this.notes = request.notes;
    this.model = model;
    this.catalog = catalog;
  }

  async countRows(table: Table): Promise<number> {
    const [row] = await this.#ask(`SELECT count(*) FROM ${fromOf(table)}`);
    return Number(row?.[0] ?? 0);
  }

  async rowsAt(table: Table, end: 'first' | 'last', limit: number): Promise<readonly Row[]> {
    return this.#ask(`SELECT ${columnsOf(table)} FROM ${fromOf(table)} ${orderOf(table, end)} LIMIT ${limit}`);
  }

  async rowsWith(
    table: Table,
    columns: readonly string[],
    keys: readonly Row[],
    limit: number,
  ): Promise<readonly Row[]> {
    if (keys.length === 0) return [];
    // Unknown literals take the columns' types; VALUES would make them text.
    const matches = keys.map((key) =>
      columns.map((name, at) => `t.${quoteIdentifier(name)} = ${quoteLiteral(key[at] ?? '')}`).join(' AND '),
    );
    const condition =
      columns.length === 1 && columns[0] !== undefined
        ? `t.${quoteIdentifier(columns[0])} IN (${keys.map(([cell]) => quoteLiteral(cell ?? '')).join(', ')})`
        : matches.map((match) => `(${match})`).join(' OR ');
    return this.#ask(
      `SELECT ${columnsOf(table)} FROM ${fromOf(table)} t WHERE ${condition} ${orderOf(table, 'first')} LIMIT ${limit}`,
    );
  }

  async answers(sql: string): Promise<boolean | null> {
    try {
      await this.#client.query('SAVEPOINT asked; SET LOCAL search_path TO DEFAULT');
      const rows = await queryRows(this.#client, `SELECT 1 FROM (${sql.trim().replace(/;\s*$/, '')}\n) asked LIMIT 1`);
      return rows.length > 0;
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw unreadable(error);
      return null;
    } finally {
      await this.#client.query('ROLLBACK TO SAVEPOINT asked').catch(() => undefined);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.query('ROLLBACK').catch(() => undefined);
    await closeClient(this.#client);
    await this.#request.dispose();
  }

  async #ask(sql: string): Promise<readonly Row[]> {
    try {
      return await queryRows(this.#client, sql);
    } catch (error) {
      throw unreadable(error);
    }
  }
}

function fromOf(table: Table): string {
  return table.partitioning === null ? `ONLY ${table.key}` : table.key;
}

function columnsOf(table: Table): string {
  return writableColumns(table).map(quoteIdentifier).join(', ');
}

function orderOf({ primaryKey }: Table, end: 'first' | 'last'): string {
  if (primaryKey.length === 0) return '';
  return `ORDER BY ${primaryKey.map((name) => `${quoteIdentifier(name)}${end === 'last' ? ' DESC' : ''}`).join(', ')}`;
}

/** What went wrong, without the server's words: they may quote a value. */
function unreadable(error: unknown): Error {
  if (!(error instanceof DatabaseError)) return error instanceof Error ? error : new Error(String(error));
  const code = error.code ?? 'XX000';
  const reasons: Readonly<Record<string, string>> = {
    '42501': 'this user may not read all of it',
    '57014': 'a query took longer than the statement timeout',
    '40001': 'the replica cancelled the query, which stood in the way of its recovery',
    '53300': 'it takes no more connections',
  };
  return new PalindromeError(
    'dataset-unreadable',
    `The data cannot be read: ${reasons[code] ?? 'the server refused a query'} (SQLSTATE ${code}).`,
    {
      kind: 'environment',
      hint: 'Connect as a user who may SELECT from every table; --statement-timeout and --dataset-rows bound the work.',
    },
  );
}
