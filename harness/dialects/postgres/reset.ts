/**
 * Verified reset: puts back the rows and sequences of the template and proves by reading that it ended there.
 * It only ever answers yes for a state that it has compared, attribute by attribute, with the template's.
 */
import type { Client } from 'pg';
import type { TableState } from '../../core/snapshot.ts';
import { interpretState, setvalSql, stateSql } from './capture.ts';
import type { FullSnapshot, ReadState } from './capture.ts';
import { queryRows, queryText, SET_EXACT_TEXT } from './connection.ts';
import { isSessionLost } from './faults.ts';
import { insertSql } from './load-sql.ts';
import { readResidue } from './residue.ts';
import type { Residue } from './residue.ts';
import { NOT_SYSTEM, notMember, type TableShape } from './structure.ts';

/** Above this many rows, TRUNCATE is faster than DELETE. */
const TRUNCATE_ROWS = 2_000;
/** Columns ever made in a table, dropped ones included, stop at 1600; a clone starts over. */
const HIGHEST_ATTRIBUTE = 1_000;

/** The two sessions of a reset. */
export interface ResetSessions {
  /** Reads. Its prepared statements stay planned: repairs are made elsewhere, since changing `session_replication_role` drops every plan. */
  readonly looking: Client;
  /** Opens the session that writes; asked for only where something has to be written. The caller cleans it. */
  readonly writing: () => Promise<Client>;
}

/** Whether the database now equals `baseline`, whose residue is `residue`. `current` must be its state as of now. */
export async function resetToBaseline(
  { looking, writing }: ResetSessions,
  { baseline, residue }: { readonly baseline: FullSnapshot; readonly residue: Residue },
  current: FullSnapshot,
  maxRows: number,
): Promise<boolean> {
  if (!hasSameShape(baseline, current) || !isSameResidue(residue, await readResidue(looking))) return false;
  const repairs = planRepairs(baseline, current);
  if (repairs === null) return false;
  if (repairs.length === 0) return true;
  if (!(await repair(await writing(), repairs))) return false;
  const before = ['BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', `SET LOCAL search_path = ''`];
  const look = [...before, stateSql(baseline.structure, maxRows), 'COMMIT'].join(';\n');
  const results = await queryText(looking, look);
  return isSameState(baseline, current, interpretState(baseline.structure, maxRows, results.slice(before.length, -1)));
}

/** Truncates every table that may have rows, with triggers silent. False where the database refuses. */
export async function emptyTables(client: Client): Promise<boolean> {
  const [found] = await queryRows(client, FILLED_TABLES);
  const tables = found?.[0] ?? null;
  return tables === null || repair(client, [`TRUNCATE ${tables} CASCADE`]);
}

/** A table that never had a row has no page; a partitioned one has them in its partitions. */
const FILLED_TABLES = `
SELECT pg_catalog.string_agg(pg_catalog.format('%I.%I', n.nspname, c.relname), ', ')
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND pg_catalog.pg_relation_size(c.oid) > 0
  AND ${NOT_SYSTEM} AND ${notMember('pg_class', 'c.oid')}`;

/** False where the database refused to be repaired. */
async function repair(client: Client, repairs: readonly string[]): Promise<boolean> {
  const settings = `${SET_EXACT_TEXT} SET LOCAL session_replication_role = replica; SET LOCAL row_security = off`;
  try {
    await client.query(['BEGIN', settings, ...repairs, 'COMMIT'].join(';\n'));
    return true;
  } catch (error) {
    if (isSessionLost(error)) throw error;
    await client.query('ROLLBACK');
    return false;
  }
}

function hasSameShape(baseline: FullSnapshot, current: FullSnapshot): boolean {
  return (
    baseline.catalog.fingerprint === current.catalog.fingerprint &&
    shape(baseline) === shape(current) &&
    [...baseline.materialized].every(([view, digest]) => current.materialized.get(view) === digest)
  );
}

function isSameResidue(wanted: Residue, actual: Residue): boolean {
  return wanted.counts === actual.counts && actual.highestAttribute < HIGHEST_ATTRIBUTE;
}

function shape({ structure }: FullSnapshot): string {
  return JSON.stringify([
    structure.tables.map(({ key, columns, types }) => [key, columns, types]),
    structure.sequences,
    structure.materialized.map(({ key }) => key),
  ]);
}

/** The statements that bring rows and sequences back; null where rows are too many to be known. */
function planRepairs(baseline: FullSnapshot, current: FullSnapshot): string[] | null {
  const statements: string[] = [];
  for (const table of baseline.structure.tables) {
    const wanted = baseline.tables.get(table.key);
    const actual = current.tables.get(table.key);
    if (wanted === undefined || actual === undefined) return null;
    if (wanted.digest === actual.digest) continue;
    if (wanted.rows === null) return null;
    statements.push(actual.rowCount > TRUNCATE_ROWS ? `TRUNCATE ${table.from}` : `DELETE FROM ${table.from}`);
    statements.push(...restoreRows(table, wanted));
  }
  const moved = current.sequences.filter(({ name, nextValue }) => nextOf(baseline, name) !== nextValue);
  const setvals = moved.flatMap(({ name }) => {
    const position = baseline.positions.get(name);
    return position === undefined ? [] : [setvalSql(name, position)];
  });
  if (setvals.length > 0) statements.push(`SELECT ${setvals.join(', ')}`);
  return statements;
}

function restoreRows(table: TableShape, wanted: TableState): string[] {
  const written = table.columns.flatMap((_, index) => (table.generated.has(index) ? [] : [index]));
  const columns = written.map((index) => table.columns[index] ?? '');
  const rows = (wanted.rows ?? []).map((row) => written.map((index) => row[index] ?? null));
  if (columns.length === 0) return rows.map(() => `INSERT INTO ${table.key} DEFAULT VALUES`);
  const insert = insertSql(table.key, columns, rows);
  return insert === null ? [] : [insert];
}

function nextOf(snapshot: FullSnapshot, name: string): string | undefined {
  return snapshot.sequences.find((sequence) => sequence.name === name)?.nextValue;
}

function isSameState(baseline: FullSnapshot, current: FullSnapshot, now: ReadState): boolean {
  const sameTables = [...baseline.tables].every(([key, { digest, rows }]) => {
    if (rows === null) return current.tables.get(key)?.digest === digest;
    return now.tables.get(key)?.digest === digest;
  });
  return (
    sameTables &&
    now.sequences.every(({ name, nextValue }) => nextOf(baseline, name) === nextValue) &&
    [...baseline.materialized].every(([view, digest]) => now.materialized.get(view) === digest)
  );
}
