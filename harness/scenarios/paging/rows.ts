/** The rows of a case: put in, and looked at. */
import type { Dataset } from '../../core/dataset.ts';
import type { IsolationLevel } from '../../core/paging-history.ts';
import type { GeneratedInterleaving } from '../../core/interleaving.ts';
import type { Loaded } from '../scenario.ts';
import type { OpenTurner } from './page-turner.ts';
import { openModuleTurner } from './module-turner.ts';
import { openSqlTurner } from './sql-turner.ts';
import type { PagingGround } from './kind.ts';
import type { LoggedVersion, SeenRow } from './version-log.ts';

/** PostgreSQL's levels as often as applications use them; SQLite has one. */
const LEVELS: readonly IsolationLevel[] = ['read-committed', 'read-committed', 'repeatable-read', 'serializable'];

/** Rows and steps for a case; `transactions`: of each writer, where it is to be more than a few. */
export function drawCase(
  { setting, bench, paged }: PagingGround,
  seed: number,
  index: number,
  transactions?: number,
): GeneratedInterleaving {
  const { pager, table, identity, key } = paged;
  return setting.source.interleaving({
    model: bench.model,
    seed,
    index,
    literals: [],
    table: table.key,
    identity,
    key,
    movesRows: pager.movedRows !== 'forbid',
    isolations: setting.dialect.name === 'sqlite' ? ['serializable'] : LEVELS,
    ...(transactions === undefined ? {} : { transactions }),
  });
}

/** Puts the rows in; returns those that the database took. */
export async function loadRows({ setting, bench, paged }: PagingGround, rows: Dataset): Promise<Loaded> {
  bench.use([...rows.tables.map(({ table }) => table).filter((table) => table !== paged.table.key), paged.table.key]);
  if (rows.tables.length === 0) return { loaded: rows, refused: [] };
  return setting.loadAfter(bench.database, rows, bench.model);
}

/** The rows of the paged table as they are committed. */
export async function lookAtRows({ setting, bench, paged }: PagingGround): Promise<readonly SeenRow[]> {
  const { dialect } = setting;
  const { identity, key, table, pager } = paged;
  const names = [...identity, ...key.map(({ column }) => column)].map((name) => dialect.quoteIdentifier(name));
  const holds = pager.filter === null ? '1' : `CASE WHEN (${pager.filter}) THEN 1 ELSE 0 END`;
  const order = identity.map((name) => dialect.quoteIdentifier(name)).join(', ');
  const session = await bench.session('r0');
  const sql = `SELECT ${[...names, holds].join(', ')} FROM ${table.key} ORDER BY ${order}`;
  const answer = await session.read(sql, []);
  if (answer.status !== 'done') throw new Error(`the rows of ${table.key} could not be read`);
  return answer.rows.map((row) => ({
    identity: row.slice(0, identity.length),
    key: row.slice(identity.length, names.length),
    matches: row[names.length] === '1',
  }));
}

/** Why what is there is not what the writers did: something else wrote. Null: it is. */
export function explainRest(live: readonly LoggedVersion[], rows: readonly SeenRow[], table: string): string | null {
  const expected = new Set(live.map(textOf));
  const actual = new Set(rows.map(textOf));
  const extra = rows.find((row) => !expected.has(textOf(row)));
  const missing = live.find((row) => !actual.has(textOf(row)));
  const one = extra ?? missing;
  if (one === undefined) return null;
  const key = one.identity.map((cell) => cell ?? 'NULL').join('/');
  return `row ${key} of ${table} is not what the writers' own statements left: a trigger or another session changes it`;
}

function textOf({ identity, key, matches }: SeenRow): string {
  return JSON.stringify([identity, key, matches]);
}

/** How the pager's clients are opened. */
export function turnerOf({ paged, bench, setting }: PagingGround): OpenTurner {
  const { pages } = paged.pager;
  if (pages.kind === 'sql') return async (session, limit) => openSqlTurner(session, paged, pages, limit);
  const { database } = bench;
  const reader = { database, dialect: setting.dialect, paged, limitMs: setting.limits.statementMs };
  return (_session, limit) => openModuleTurner(reader, pages, limit);
}
