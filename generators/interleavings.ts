/**
 * Interleavings: rows to begin with, and the steps of writers and readers over them, biased to where pagers break. Few values in the key,
 * so that there are ties; values a microsecond apart, so that what rounds meets two of them; identities in no order, so that ties are broken
 * on both sides of a cursor; writes at the rows where pages end; transactions that commit in another order than they wrote in.
 */
import type { Cell, Row, TableRows } from '../harness/core/dataset.ts';
import type {
  GeneratedInterleaving,
  Interleaving,
  InterleavingRequest,
  InterleavingStep,
} from '../harness/core/interleaving.ts';
import type { NamedCells } from '../harness/core/later-write.ts';
import type { Table } from '../harness/core/schema.ts';
import type { Draw } from './draw.ts';
import { identitiesOf, keyPool } from './interleaved-keys.ts';

const MOST_START_ROWS = 6;
const SPARE_ROWS = 6;
const MOST_WRITERS = 3;
const MOST_LIMIT = 3;
/** Of a hundred: */
const ROLLBACK = 12;
const AUTOCOMMIT = 35;
const SCAN_IN_ONE_TRANSACTION = 20;
const SECOND_READER = 12;
const FIRST_PAGE_FIRST = 75;
const AT_PAGE_EDGE = 60;
const TIES = 45;
/** A row that was on the first page: another writer may have removed it, or is about to. */
const AT_FRONT = 30;
/** A key before those of all rows that are there. */
const TO_FRONT = 35;
const LEAP = 50;

/** Where in a table rows and keys are. */
interface Ground {
  readonly request: InterleavingRequest;
  readonly table: Table;
  readonly columns: readonly string[];
  /** Key columns that a write may set, each with its values. */
  readonly pools: readonly { readonly at: number; readonly column: string; readonly cells: readonly Cell[] }[];
  readonly start: readonly Row[];
  readonly spare: Row[];
  readonly limit: number;
  /** Rows of `start` in the order of K, as far as texts tell it. */
  readonly ordered: readonly Row[];
}

/** Draws an interleaving; `proposed` are generated rows, parents first, those of the paged table among them. */
export function makeInterleaving(
  request: InterleavingRequest,
  table: Table,
  proposed: readonly TableRows[],
  draw: Draw,
): GeneratedInterleaving {
  const ground = prepareGround(request, table, proposed, draw);
  const parents = proposed.filter((entry) => entry.table !== table.key);
  const rows = [...parents, { table: table.key, columns: ground.columns, rows: ground.start }];
  return { rows: { tables: rows.filter((entry) => entry.rows.length > 0) }, interleaving: drawSteps(ground, draw) };
}

function prepareGround(request: InterleavingRequest, table: Table, proposed: readonly TableRows[], draw: Draw): Ground {
  const own = proposed.find((entry) => entry.table === table.key);
  const columns = own?.columns ?? [];
  const count =
    request.transactions === undefined
      ? Math.min(MOST_START_ROWS, draw.integer(1, 2) + draw.integer(0, 2) + Math.min(2, request.index))
      : draw.integer(MOST_START_ROWS, 3 * MOST_START_ROWS);
  const spare = request.transactions === undefined ? SPARE_ROWS : request.transactions * MOST_WRITERS;
  const generated = own?.rows ?? [];
  const identities = identitiesOf(table, request.identity, columns, generated, count + spare, draw);
  const pools = request.key.flatMap(({ column }) => {
    const at = columns.indexOf(column);
    const cells =
      at === -1 || request.identity.includes(column)
        ? []
        : keyPool(
            table,
            column,
            generated.map((row) => row[at] ?? null),
            draw,
          );
    return cells.length === 0 ? [] : [{ at, column, cells: draw.chance(TIES) ? cells.slice(0, 2) : cells }];
  });
  const all = identities.map((identity, at): Row => {
    const row = [...(generated[at % Math.max(1, generated.length)] ?? [])];
    for (const [place, name] of request.identity.entries()) row[columns.indexOf(name)] = identity[place] ?? null;
    for (const pool of pools) row[pool.at] = draw.pick(pool.cells);
    return row;
  });
  const start = all.slice(0, count);
  const limit = draw.integer(1, Math.min(MOST_LIMIT, Math.max(1, start.length - 1)));
  const ordered = start.toSorted((a, b) => compareKeys(request, columns, a, b));
  return { request, table, columns, pools, start, spare: all.slice(count), limit, ordered };
}

/** As far as texts tell: a bias needs no more. */
function compareKeys({ key }: InterleavingRequest, columns: readonly string[], a: Row, b: Row): number {
  for (const { column, direction } of key) {
    const at = columns.indexOf(column);
    const [left, right] = [a[at] ?? '', b[at] ?? ''];
    if (left === right) continue;
    const isNumber = /^-?\d+$/.test(left) && /^-?\d+$/.test(right);
    const isLess = isNumber ? BigInt(left) < BigInt(right) : left < right;
    return isLess === (direction === 'asc') ? -1 : 1;
  }
  return 0;
}

function drawSteps(ground: Ground, draw: Draw): Interleaving {
  const { limit, request } = ground;
  const writers = request.transactions === undefined ? draw.pick([1, 1, 1, 1, 2, 2, 2, 3]) : MOST_WRITERS;
  const known: Known = { rows: [...ground.start], gone: [] };
  const scripts: InterleavingStep[][] = [];
  for (let number = 1; number <= writers; number++) scripts.push(drawWriter(ground, `w${number}`, known, draw));
  const readers = draw.chance(SECOND_READER) ? ['r1', 'r2'] : ['r1'];
  const pages = Math.ceil(ground.start.length / limit) + 1;
  const first: InterleavingStep[] = [];
  for (const session of readers) {
    const turns = Array.from({ length: pages }, (): InterleavingStep => ({ session, op: 'page' }));
    if (draw.chance(FIRST_PAGE_FIRST)) first.push(...turns.splice(0, 1));
    scripts.push(turns);
  }
  return {
    isolation: draw.pick(request.isolations),
    ...(request.isolations.length === 1 ? { hasOneLevel: true } : {}),
    transactionPer: draw.chance(SCAN_IN_ONE_TRANSACTION) ? 'scan' : 'page',
    limit,
    steps: [...first, ...merge(scripts, draw)],
  };
}

/** One order of the steps that keeps that of each session; each such order is as likely, so that nobody is done long before the others. */
function merge(scripts: readonly InterleavingStep[][], draw: Draw): InterleavingStep[] {
  const merged: InterleavingStep[] = [];
  for (;;) {
    const turns = scripts.flatMap((script) => script.map(() => script));
    if (turns.length === 0) return merged;
    const step = draw.pick(turns).shift();
    if (step !== undefined) merged.push(step);
  }
}

/** Rows that may be there, as whoever writes next may think. */
interface Known {
  readonly rows: Row[];
  readonly gone: Row[];
}

function drawWriter(ground: Ground, session: string, known: Known, draw: Draw): InterleavingStep[] {
  const steps: InterleavingStep[] = [];
  const transactions = ground.request.transactions ?? draw.integer(1, 3);
  for (let at = 0; at < transactions; at++) {
    const isAlone = draw.chance(AUTOCOMMIT);
    const writes = Array.from({ length: isAlone ? 1 : draw.integer(1, 2) }, () =>
      drawWrite(ground, session, known, draw),
    ).filter((write) => write !== null);
    if (writes.length === 0) continue;
    if (isAlone) {
      steps.push(...writes);
      continue;
    }
    const end = draw.chance(ROLLBACK) ? 'rollback' : 'commit';
    steps.push({ session, op: 'begin' }, ...writes, { session, op: end });
  }
  return steps;
}

function drawWrite(ground: Ground, session: string, known: Known, draw: Draw): InterleavingStep | null {
  const { columns, request, pools } = ground;
  const kinds = ['insert', 'insert', 'insert', 'delete', 'delete', 'update-other'];
  if (request.movesRows && pools.length > 0)
    kinds.push('update-key', 'update-key', 'update-key', 'update-key', 'update-key', 'update-key');
  if (known.gone.length > 0) kinds.push('reinsert', 'reinsert');
  const kind = draw.pick(kinds);
  if (kind === 'insert' || kind === 'reinsert') {
    const from = kind === 'insert' ? ground.spare.shift() : known.gone.pop();
    if (from === undefined) return null;
    const row = withKey(ground, from, draw);
    known.rows.push(row);
    return { session, op: kind, columns, row };
  }
  // Who moves a row from the last page to the first takes it from under the reader.
  const isLeap = kind === 'update-key' && draw.chance(LEAP);
  const row = isLeap ? (ground.ordered.at(-1) ?? null) : pickRow(ground, known, draw);
  if (row === null) return null;
  const key = identityOf(ground, row);
  if (kind === 'delete') {
    replace(known.rows, row, []);
    known.gone.push(row);
    return { session, op: 'delete', key };
  }
  if (kind === 'update-key') {
    const moved = isLeap ? toFront(ground, row) : withKey(ground, row, draw);
    replace(known.rows, row, [moved]);
    return {
      session,
      op: 'update-key',
      key,
      columns: pools.map(({ column }) => column),
      row: pools.map(({ at }) => moved[at] ?? null),
    };
  }
  return drawTouch(ground, session, key, draw);
}

function replace(rows: Row[], row: Row, by: readonly Row[]): void {
  const at = rows.indexOf(row);
  if (at !== -1) rows.splice(at, 1, ...by);
}

/** A change of one column that has nothing to do with keys. */
function drawTouch(ground: Ground, session: string, key: NamedCells, draw: Draw): InterleavingStep | null {
  const { table, columns, request, start, spare } = ground;
  const isKey = (name: string): boolean =>
    request.identity.includes(name) ||
    request.key.some(({ column }) => column === name) ||
    table.uniques.some((unique) => unique.columns.includes(name)) ||
    table.exclusions.some((exclusion) => exclusion.columns.includes(name)) ||
    (table.partitioning?.columns.includes(name) ?? false);
  const free = columns.filter(
    (name) => !isKey(name) && table.columns.some((column) => column.name === name && column.generated === null),
  );
  if (free.length === 0) return null;
  const column = draw.pick(free);
  const from = draw.pick([...start, ...spare]);
  return { session, op: 'update-other', key, columns: [column], row: [from[columns.indexOf(column)] ?? null] };
}

/** A row with a key at which things happen: that of a row where a page ends, or any. */
function withKey(ground: Ground, row: Row, draw: Draw): Row {
  const changed = [...row];
  if (draw.chance(TO_FRONT)) return toFront(ground, row);
  const edge = draw.chance(AT_PAGE_EDGE) ? edgeRow(ground, draw) : null;
  for (const { at, cells } of ground.pools) changed[at] = edge === null ? draw.pick(cells) : (edge[at] ?? null);
  return changed;
}

/** A row with a key before, or like, that of the first. */
function toFront(ground: Ground, row: Row): Row {
  const changed = [...row];
  const front = ground.ordered[0] ?? row;
  for (const { at, column, cells } of ground.pools)
    changed[at] = frontCell(ground, column, [...cells, front[at] ?? null]);
  return changed;
}

/** The value that comes first in the order of the column, as far as texts tell. */
function frontCell({ request }: Ground, column: string, cells: readonly Cell[]): Cell {
  const key = request.key.filter((part) => part.column === column);
  const [first = null] = cells
    .filter((cell) => cell !== null)
    .toSorted((a, b) => compareKeys({ ...request, key }, [column], [a], [b]));
  return first;
}

/** The last row of a page, or the one after it. */
function edgeRow({ ordered, limit }: Ground, draw: Draw): Row | null {
  const ends = ordered.filter((_, at) => at % limit === limit - 1 || (at > 0 && at % limit === 0));
  return ends.length === 0 ? null : draw.pick(ends);
}

function pickRow(ground: Ground, known: Known, draw: Draw): Row | null {
  const edge = draw.chance(AT_PAGE_EDGE) ? edgeRow(ground, draw) : null;
  if (edge !== null && known.rows.includes(edge)) return edge;
  if (draw.chance(AT_FRONT)) return ground.ordered[0] ?? null;
  return known.rows.length === 0 ? null : draw.pick(known.rows);
}

function identityOf({ request, columns }: Ground, row: Row): NamedCells {
  return { columns: request.identity, row: request.identity.map((name) => row[columns.indexOf(name)] ?? null) };
}
