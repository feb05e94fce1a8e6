/**
 * Snapshots: catalog, rows and sequences, in one look of a few round trips.
 */
import { DatabaseError } from 'pg';
import type { Client } from 'pg';
import type { Catalog } from '../../core/catalog.ts';
import type { CaptureRequest } from '../../core/dialect.ts';
import type { Projection, SequenceState, Snapshot, TableState } from '../../core/snapshot.ts';
import { readCatalogSince } from './catalog.ts';
import type { CatalogOptions } from './catalog.ts';
import type { CatalogMemory } from './catalog/memory.ts';
import { EXACT_TEXT_SETTINGS, queryRows, queryText } from './connection.ts';
import type { TextResult } from './connection.ts';
import { digestRows, digestSql, digestSums } from './digest.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';
import { readStructure, selectRows } from './structure.ts';
import type { SequenceShape, Structure, TableShape } from './structure.ts';
import { horizonSql, readHorizon } from './unchanged.ts';

/** A snapshot with what only resetting needs. */
export interface FullSnapshot extends Snapshot {
  readonly structure: Structure;
  /** Each sequence's own state: `setval(name, lastValue, isCalled)` brings it back. */
  readonly positions: ReadonlyMap<string, SequencePosition>;
  /** Digests of materialised views. */
  readonly materialized: ReadonlyMap<string, string>;
  /** By which a later look can tell that nothing was committed since (`unchanged.ts`); null where it cannot. */
  readonly horizon: string | null;
  /** The `maxRowsPerTable` it was read with. */
  readonly maxRows: number;
  /** By which the next look at the database knows what need not be read again. */
  readonly memory: CatalogMemory;
}

export interface SequencePosition {
  readonly lastValue: string;
  readonly isCalled: boolean;
}

/** What is already known, and need not be read again. */
export interface Known {
  /** Catalog and structure, where nothing but rows changed since they were read. */
  readonly shape: Shape | null;
  /** The last snapshot, from which much may have changed since; null where there is none. */
  readonly earlier: FullSnapshot | null;
  /** Of any look since which the server did not crash: at this database or at its template. */
  readonly memory: CatalogMemory | null;
}

/** What a snapshot says beside rows and sequences. */
export type Shape = Pick<FullSnapshot, 'catalog' | 'structure' | 'memory'>;

/** The session's other settings come from `LOOK_SETTINGS`. */
const BEGIN_LOOK = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;\nSET LOCAL search_path = ''`;
/** How many results come before those that are asked for after `BEGIN_LOOK`. */
const BEGIN_RESULTS = 2;

/** Settings of a session that looks. Compiling or planning a catalog query takes longer than running it. */
export const LOOK_SETTINGS = {
  ...EXACT_TEXT_SETTINGS,
  jit: 'off',
  row_security: 'off',
  plan_cache_mode: 'force_generic_plan',
};

/** Structures by the catalog they belong to: the same catalog object means the same answer of the server. */
const structures = new WeakMap<Catalog, Structure>();

/** Reads the whole state in one read-only transaction. */
export async function captureSnapshot(
  client: Client,
  request: CaptureRequest,
  known: Known,
  options: CatalogOptions,
): Promise<FullSnapshot> {
  const look = (endsAtOnce: boolean) =>
    known.shape === null
      ? captureAll(client, request, known, options, endsAtOnce)
      : readRest(client, request, known.shape, { begun: null, endsAtOnce });
  try {
    const snapshot = (await look(request.projections.length === 0)) ?? (await look(false));
    if (snapshot === null) throw new TypeError('a look that stays open cannot have ended');
    return snapshot;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function captureAll(
  client: Client,
  request: CaptureRequest,
  { earlier, memory: remembered }: Known,
  options: CatalogOptions,
  endsAtOnce: boolean,
): Promise<FullSnapshot | null> {
  const isComparable = earlier?.maxRows === request.maxRowsPerTable && request.projections.length === 0;
  const horizonQuery = horizonSql(isComparable ? earlier.horizon : null);
  const results = await queryText(client, `${BEGIN_LOOK};\n${horizonQuery}`);
  const { horizon, isSame } = readHorizon(results[BEGIN_RESULTS]?.rows[0]);
  if (isComparable && isSame) {
    return { ...earlier, ...(await readSequences(client, earlier.structure)), projections: [], horizon };
  }
  const { catalog, memory } = await readCatalogSince(client, remembered, options);
  const structure = structures.get(catalog) ?? (await readStructure(client));
  structures.set(catalog, structure);
  return readRest(client, request, { catalog, structure, memory }, { begun: { horizon }, endsAtOnce });
}

/**
 * Reads rows and projections and ends the transaction: in one round trip where no table is large and nothing is projected.
 * Null where a table turned out to be large, whose digest has to come from the same look.
 */
async function readRest(
  client: Client,
  request: CaptureRequest,
  { catalog, structure, memory }: Shape,
  { begun, endsAtOnce }: { readonly begun: { readonly horizon: string | null } | null; readonly endsAtOnce: boolean },
): Promise<FullSnapshot | null> {
  const maxRows = request.maxRowsPerTable;
  const look = stateSql(structure, maxRows);
  const isLast = endsAtOnce && !largeTables.has(structure);
  const before = begun === null ? [BEGIN_LOOK, horizonSql(null)] : [];
  const sql = [...before, ...(look === '' ? [] : [look]), ...(isLast ? ['COMMIT'] : [])].join(';\n');
  const results = sql === '' ? [] : await queryText(client, sql);
  const own = results.slice(before.length === 0 ? 0 : BEGIN_RESULTS + 1);
  const { horizon } = begun ?? readHorizon(results[BEGIN_RESULTS]?.rows[0]);
  const state = interpretState(structure, maxRows, own);
  const isLarge = [...state.tables.values()].some(({ rows }) => rows === null);
  if (isLarge) largeTables.add(structure);
  if (isLarge && isLast) return null;
  const tables = isLarge ? await digestLarge(client, structure, state.tables) : state.tables;
  const projections = await readProjections(client, structure, request.projections);
  if (!isLast) await client.query('COMMIT');
  return { catalog, structure, memory, ...state, tables, projections, horizon, maxRows };
}

/** Structures that had a table too large to be read: their transaction stays open for digests. */
const largeTables = new WeakSet<Structure>();

async function digestLarge(
  client: Client,
  structure: Structure,
  states: ReadonlyMap<string, TableState>,
): Promise<ReadonlyMap<string, TableState>> {
  const tables = new Map(states);
  for (const table of structure.tables) {
    if (tables.get(table.key)?.rows === null) tables.set(table.key, await digestInServer(client, table));
  }
  return tables;
}

/** Sequences stand outside transactions: they move though everything else was rolled back. */
async function readSequences(
  client: Client,
  structure: Structure,
): Promise<Pick<ReadState, 'sequences' | 'positions'>> {
  const sql = sequencesSql(structure);
  const results = await queryText(client, [...sql, 'COMMIT'].join(';\n'));
  return interpretSequences(structure, sql.length === 0 ? undefined : results[0]);
}

export type ReadState = Pick<FullSnapshot, 'tables' | 'sequences' | 'positions' | 'materialized'>;

/** The statements behind `interpretState`; empty where there is nothing to read. */
export function stateSql(structure: Structure, maxRows: number): string {
  return [
    ...structure.tables.map((table) => selectRows(table, maxRows + 1)),
    ...structure.materialized.map((view) => digestSql(view.key, view.columns)),
    ...sequencesSql(structure),
  ].join(';\n');
}

/** One statement that reads all sequences; none where there are none. */
function sequencesSql({ sequences }: Structure): readonly string[] {
  return sequences.length === 0 ? [] : [`${sequences.map(sequenceSql).join(' UNION ALL ')} ORDER BY 4`];
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
  const sequences = results[structure.tables.length + structure.materialized.length];
  return { tables, materialized, ...interpretSequences(structure, sequences) };
}

function interpretSequences(
  structure: Structure,
  result: TextResult | undefined,
): Pick<ReadState, 'sequences' | 'positions'> {
  const positions = new Map<string, SequencePosition>();
  const sequences = structure.sequences.map((shape, index): SequenceState => {
    const [lastValue, isCalled, extreme] = result?.rows[index] ?? [];
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
  return { sequences, positions };
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
