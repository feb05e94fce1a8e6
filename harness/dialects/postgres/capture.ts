/**
 * Snapshots: catalog, rows and sequences, in one look of a few round trips.
 */
import { DatabaseError } from 'pg';
import type { Client } from 'pg';
import type { Catalog } from '../../core/catalog.ts';
import type { CaptureRequest } from '../../core/dialect.ts';
import type { Projection, SequenceState, Snapshot, TableState } from '../../core/snapshot.ts';
import { readCatalog } from './catalog.ts';
import type { CatalogOptions } from './catalog.ts';
import { EXACT_TEXT_SETTINGS, queryRows, queryText } from './connection.ts';
import type { TextResult } from './connection.ts';
import { digestRows, digestSql, digestSums } from './digest.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';
import { readStructure, selectRows } from './structure.ts';
import type { SequenceShape, Structure, TableShape } from './structure.ts';

/** A snapshot with what only resetting needs. */
export interface FullSnapshot extends Snapshot {
  readonly structure: Structure;
  /** Each sequence's own state: `setval(name, lastValue, isCalled)` brings it back. */
  readonly positions: ReadonlyMap<string, SequencePosition>;
  /** Digests of materialised views. */
  readonly materialized: ReadonlyMap<string, string>;
}

export interface SequencePosition {
  readonly lastValue: string;
  readonly isCalled: boolean;
}

/** What is already known to be unchanged, and need not be read again. */
export interface Known {
  readonly catalog: Catalog;
  readonly structure: Structure;
}

/** The session's other settings come from `LOOK_SETTINGS`. */
const BEGIN_LOOK = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = ''`;

/** Settings of a session that looks. Compiling a catalog query takes longer than running it. */
export const LOOK_SETTINGS = { ...EXACT_TEXT_SETTINGS, jit: 'off', row_security: 'off' };

/** Structures by the catalog they belong to: the same catalog object means the same answer of the server. */
const structures = new WeakMap<Catalog, Structure>();

/** Reads the whole state in one read-only transaction. */
export async function captureSnapshot(
  client: Client,
  request: CaptureRequest,
  known: Known | null,
  options: CatalogOptions,
): Promise<FullSnapshot> {
  try {
    await client.query(BEGIN_LOOK);
    const catalog = known?.catalog ?? (await readCatalog(client, options));
    const structure = known?.structure ?? structures.get(catalog) ?? (await readStructure(client));
    structures.set(catalog, structure);
    const state = await readState(client, structure, request.maxRowsPerTable);
    const projections = await readProjections(client, structure, request.projections);
    await client.query('COMMIT');
    return { catalog, structure, ...state, projections };
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

export type ReadState = Pick<FullSnapshot, 'tables' | 'sequences' | 'positions' | 'materialized'>;

/** Rows, sequences and materialised views, within the caller's transaction and settings. */
async function readState(client: Client, structure: Structure, maxRows: number): Promise<ReadState> {
  const sql = stateSql(structure, maxRows);
  const state = interpretState(structure, maxRows, sql === '' ? [] : await queryText(client, sql));
  const tables = new Map(state.tables);
  for (const table of structure.tables) {
    if (tables.get(table.key)?.rows === null) tables.set(table.key, await digestInServer(client, table));
  }
  return { ...state, tables };
}

/** The statements behind `interpretState`; empty where there is nothing to read. */
export function stateSql(structure: Structure, maxRows: number): string {
  return [
    ...structure.tables.map((table) => selectRows(table, maxRows + 1)),
    ...structure.materialized.map((view) => digestSql(view.key, view.columns)),
    ...(structure.sequences.length === 0
      ? []
      : [`${structure.sequences.map(sequenceSql).join(' UNION ALL ')} ORDER BY 4`]),
  ].join(';\n');
}

/** Turns the results of `stateSql` into state. Tables with more than `maxRows` rows get an empty digest for the caller to fill. */
export function interpretState(structure: Structure, maxRows: number, results: readonly TextResult[]): ReadState {
  const tables = new Map<string, TableState>();
  structure.tables.forEach((table, index) => {
    const rows = results[index]?.rows ?? [];
    const { key, columns, types, primaryKey } = table;
    const isLarge = rows.length > maxRows;
    const base = { table: key, columns, types, primaryKey, rowCount: rows.length };
    tables.set(
      key,
      isLarge ? { ...base, rows: null, digest: '' } : { ...base, rows, digest: digestRows(columns, rows) },
    );
  });
  const materialized = new Map<string, string>();
  structure.materialized.forEach((view, index) => {
    const sums = results[structure.tables.length + index]?.rows[0] ?? [];
    materialized.set(view.key, digestSums(view.columns, sums));
  });
  const sequenceRows = results[structure.tables.length + structure.materialized.length]?.rows ?? [];
  const positions = new Map<string, SequencePosition>();
  const sequences = structure.sequences.map((shape, index): SequenceState => {
    const [lastValue, isCalled, extreme] = sequenceRows[index] ?? [];
    const position = { lastValue: lastValue ?? '1', isCalled: isCalled === 't' };
    positions.set(shape.name, position);
    return {
      name: shape.name,
      nextValue: nextValue(position, shape.increment),
      increment: shape.increment,
      ownedBy: shape.ownedBy,
      columnExtreme: extreme ?? null,
    };
  });
  return { tables, sequences, positions, materialized };
}

function nextValue({ lastValue, isCalled }: SequencePosition, increment: string): string {
  return isCalled ? (BigInt(lastValue) + BigInt(increment)).toString() : lastValue;
}

function sequenceSql({ name, increment, ownedBy }: SequenceShape, index: number): string {
  const extreme = increment.startsWith('-') ? 'min' : 'max';
  const value =
    ownedBy === null ? 'NULL' : `(SELECT ${extreme}(${quoteIdentifier(ownedBy.column)})::text FROM ${ownedBy.table})`;
  return `(SELECT last_value::text, is_called, ${value} AS extreme, ${index} AS position FROM ${name})`;
}

async function digestInServer(client: Client, table: TableShape): Promise<TableState> {
  const [result] = await queryText(client, digestSql(table.from, table.columns));
  const sums = result?.rows[0] ?? [];
  const { key, columns, types, primaryKey } = table;
  const digest = digestSums(columns, sums);
  return { table: key, columns, types, primaryKey, rowCount: Number(sums[0] ?? 0), rows: null, digest };
}

/** A projection that fails to evaluate is left out: whoever asked sees that it is not there. */
async function readProjections(
  client: Client,
  structure: Structure,
  requests: CaptureRequest['projections'],
): Promise<Projection[]> {
  const projections: Projection[] = [];
  if (requests.length > 0) await client.query('SET LOCAL search_path TO DEFAULT');
  for (const { table, sql } of requests) {
    const shape = structure.tables.find(({ key }) => key === table);
    if (shape === undefined) continue;
    const key = shape.primaryKey.length > 0 ? shape.primaryKey : shape.columns;
    const cells = [...key.map(quoteIdentifier), `(${sql}\n)`];
    // Sent alone: text that does not parse takes everything sent with it along.
    await client.query('SAVEPOINT projection');
    try {
      const rows = await queryRows(client, `SELECT ${cells.join(', ')} FROM ${shape.from}`);
      const values = rows.map((row) => ({ key: row.slice(0, key.length), value: row[key.length] ?? null }));
      projections.push({ table, sql, values });
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      await client.query('ROLLBACK TO projection');
    }
  }
  return projections;
}

/** A `setval` for one sequence, as a select item. */
export function setvalSql(name: string, { lastValue, isCalled }: SequencePosition): string {
  return `pg_catalog.setval(${quoteLiteral(name)}::regclass, ${lastValue}, ${isCalled})`;
}
