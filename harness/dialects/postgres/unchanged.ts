/**
 * Whether anything was committed between two looks, told from transaction ids: a script that was refused leaves nothing to read again.
 *
 * A snapshot shows what was committed below its `xmax` and was not in progress. Where nothing was in progress at the first look and every
 * transaction that began since was rolled back, both looks show the same rows, catalogs included. Sequences alone stand outside transactions.
 */
import type { Row } from '../../core/dataset.ts';

/** More transactions than this since the first look are not gone through. */
const MOST_TRANSACTIONS = 10_000;
const NUMBER = /^\d+$/;

/**
 * One row about the caller's snapshot: its `xmax` (NULL where transactions are in progress), and whether everything since `horizon`,
 * the `xmax` of an earlier look, was rolled back.
 */
export function horizonSql(horizon: string | null): string {
  const now = 'pg_catalog.pg_current_snapshot()';
  const xmax = `pg_catalog.pg_snapshot_xmax(${now})::text`;
  const isQuiet = `NOT EXISTS (SELECT FROM pg_catalog.pg_snapshot_xip(${now}))`;
  return `SELECT CASE WHEN ${isQuiet} THEN ${xmax} END, ${isSameSql(horizon, `${xmax}::bigint`)}`;
}

function isSameSql(horizon: string | null, xmax: string): string {
  if (horizon === null || !NUMBER.test(horizon)) return 'false';
  const since = `pg_catalog.generate_series(${horizon}::bigint, least(${xmax} - 1, ${horizon}::bigint + ${MOST_TRANSACTIONS})) xid`;
  return `${xmax} - ${horizon}::bigint <= ${MOST_TRANSACTIONS} AND NOT EXISTS (
    SELECT FROM ${since} WHERE pg_catalog.pg_xact_status(xid::text::xid8) IS DISTINCT FROM 'aborted')`;
}

/** What the row of `horizonSql` says. */
export function readHorizon(row: Row | undefined): { readonly horizon: string | null; readonly isSame: boolean } {
  return { horizon: row?.[0] ?? null, isSame: row?.[1] === 't' };
}
