/**
 * A database in memory, as a model: transactions, row versions, snapshots, and pagers over what a snapshot sees. It is what histories
 * of real databases are compared with in spirit: a pager that is right here never contradicts a clause, one that is wrong soon does.
 */
import fc from 'fast-check';
import type { Cell, Row } from '../../harness/core/dataset.ts';
import type {
  HistoryPage,
  HistoryScan,
  HistoryTransaction,
  PageSnapshot,
  PagingHistory,
  RowVersion,
} from '../../harness/core/paging-history.ts';
import { sees } from '../../harness/core/paging-history.ts';
import type { MovedRowsPolicy, PagerKey } from '../../harness/core/pager.ts';

/** Microseconds are what `at` counts; null is NULL. */
export interface SimRow {
  readonly id: number;
  readonly at: number | null;
  readonly name: string;
  /** The transaction that made this version, 0 for rows of the start. */
  readonly xid: number;
}

export interface SimPager {
  readonly name: string;
  readonly kind: 'scan' | 'tail';
  readonly movedRows: MovedRowsPolicy;
  readonly key: readonly PagerKey[];
  /** Whether an ordinary update writes a new `at`. */
  readonly touches: boolean;
  readonly hasNulls: boolean;
  keyOf(row: SimRow): Row;
  /** The order of the ORDER BY. */
  compare(a: SimRow, b: SimRow): number;
  /** The rows after a cursor, of those in order. `position` is the number of items seen. */
  after(rows: readonly SimRow[], cursor: string, horizon: number): readonly SimRow[];
  /** What the client keeps of the last row, or of the number of items. */
  cursor(last: SimRow, seen: number): string;
}

type SimStep =
  | { readonly session: number; readonly do: 'begin' }
  | { readonly session: number; readonly do: 'commit' }
  | { readonly session: number; readonly do: 'rollback' }
  | { readonly session: number; readonly do: 'page' }
  | { readonly session: number; readonly do: 'insert'; readonly at: number | null; readonly name: string }
  | {
      readonly session: number;
      readonly do: 'write';
      readonly how: 'update' | 'delete' | 'reinsert';
      readonly row: number;
      readonly at: number | null;
    };

export interface SimPlan {
  readonly start: readonly { readonly at: number | null; readonly name: string }[];
  readonly limit: number;
  /** The scan is one transaction with one snapshot. */
  readonly isOneSnapshot: boolean;
  readonly steps: readonly SimStep[];
}

/** Ties, and differences below a millisecond. */
const at = fc.option(fc.oneof(fc.constantFrom(500, 1000, 1500), fc.integer({ min: 0, max: 2500 })), {
  nil: null,
  freq: 6,
});
const name = fc.constantFrom('a', 'B', 'b', 'C', 'c');
/** The third commits each statement at once. */
const session = fc.constantFrom(1, 2, 3, 3, 3);
const whichRow = fc.nat(12);

const how = fc.constantFrom('update' as const, 'update' as const, 'delete' as const, 'reinsert' as const);
const turning = fc.oneof(
  fc.record({ session, do: fc.constant('begin' as const) }),
  fc.record({ session, do: fc.constant('commit' as const) }),
  fc.record({ session, do: fc.constant('commit' as const) }),
  fc.record({ session, do: fc.constant('rollback' as const) }),
);

/** Plans: rows to start with, writers' steps and pages in any order. */
export const simPlan: fc.Arbitrary<SimPlan> = fc.record({
  start: fc.array(fc.record({ at, name }), { minLength: 2, maxLength: 8, size: 'max' }),
  limit: fc.integer({ min: 1, max: 3 }),
  isOneSnapshot: fc.constantFrom(false, false, false, true),
  steps: fc.array<SimStep>(
    fc.oneof(
      { weight: 4, arbitrary: fc.record({ session: fc.constant(0), do: fc.constant('page' as const) }) },
      { weight: 5, arbitrary: turning },
      { weight: 3, arbitrary: fc.record({ session, do: fc.constant('insert' as const), at, name }) },
      { weight: 4, arbitrary: fc.record({ session, do: fc.constant('write' as const), how, row: whichRow, at }) },
    ),
    { minLength: 8, maxLength: 40, size: 'max' },
  ),
});

interface SimVersion {
  readonly row: SimRow;
  readonly incarnation: number;
  readonly madeBy: number;
  endedBy: number | null;
  endedHow: 'update' | 'delete' | null;
}

/** Pages after which no terminating pager would still be going. */
const MOST_PAGES = 60;

/** Runs a plan with a pager and writes down what happened. */
export function simulate(plan: SimPlan, pager: SimPager): PagingHistory {
  const versions: SimVersion[] = plan.start.map(({ at: time, name: text }, index) => ({
    row: { id: index + 1, at: time === null && !pager.hasNulls ? 0 : time, name: text, xid: 0 },
    incarnation: 1,
    madeBy: 0,
    endedBy: null,
    endedHow: null,
  }));
  const outcomes = new Map<number, 'committed' | 'rolled-back'>([[0, 'committed']]);
  const open = new Map<number, number>();
  let nextXid = 1;
  let nextId = plan.start.length + 1;
  const pages: HistoryPage[] = [];
  let cursor: string | null = null;
  let seen = 0;
  let isEnded = false;
  let kept: PageSnapshot | null = null;
  const raw: { row: SimRow; page: number }[] = [];

  const takeSnapshot = (): PageSnapshot => {
    const inProgress = [...open.values()].toSorted((a, b) => a - b);
    return { xmin: String(inProgress[0] ?? nextXid), xmax: String(nextXid), inProgress: inProgress.map(String) };
  };
  const viewFrom = (snapshot: PageSnapshot): readonly SimRow[] => {
    const known = new Map([...outcomes].map(([id, outcome]) => [String(id), outcome]));
    const has = (xid: number | null): boolean => xid !== null && (xid === 0 || sees(snapshot, String(xid), known));
    return versions.filter(({ madeBy, endedBy }) => has(madeBy) && !has(endedBy)).map(({ row }) => row);
  };
  const turn = (): void => {
    if (isEnded || pages.length >= MOST_PAGES) return;
    const snapshot: PageSnapshot =
      plan.isOneSnapshot && pager.kind === 'scan' ? (kept ??= takeSnapshot()) : takeSnapshot();
    const rows = viewFrom(snapshot).toSorted((a, b) => pager.compare(a, b));
    const horizon = Number(snapshot.xmin);
    const after = pager.after(rows, cursor ?? '', horizon);
    const items = after.slice(0, plan.limit);
    const last = items.at(-1);
    seen += items.length;
    const isLast = items.length < plan.limit;
    const next: string | null = last === undefined ? cursor : pager.cursor(last, seen);
    const cursorOut = isLast && pager.kind === 'scan' ? null : next;
    for (const item of items) raw.push({ row: item, page: pages.length });
    pages.push({
      number: pages.length + 1,
      limit: plan.limit,
      snapshot,
      cursorIn: cursor,
      cursorOut,
      items: [],
      step: null,
      era: 'steady',
    });
    cursor = next;
    isEnded = isLast && pager.kind === 'scan';
  };
  const end = (writer: number, outcome: 'committed' | 'rolled-back'): void => {
    const xid = open.get(writer);
    if (xid === undefined) return;
    open.delete(writer);
    outcomes.set(xid, outcome);
    if (outcome === 'committed') return;
    for (const version of versions)
      if (version.endedBy === xid) {
        version.endedBy = null;
        version.endedHow = null;
      }
  };
  /** The version that a writer would lock: the newest that is no rolled-back one; undefined while another transaction holds it. */
  const writable = (id: number, xid: number): SimVersion | undefined => {
    const own = versions.filter((version) => version.row.id === id && outcomes.get(version.madeBy) !== 'rolled-back');
    const isHeld = own.some(
      ({ madeBy, endedBy }) =>
        (madeBy !== xid && !outcomes.has(madeBy)) || (endedBy !== null && endedBy !== xid && !outcomes.has(endedBy)),
    );
    return isHeld ? undefined : own.at(-1);
  };
  const put = (value: SimRow, incarnation: number, xid: number): void => {
    versions.push({ row: { ...value, xid }, incarnation, madeBy: xid, endedBy: null, endedHow: null });
  };
  const step = (given: SimStep): void => {
    if (given.do === 'page') return turn();
    if (given.do === 'begin') {
      if (!open.has(given.session)) open.set(given.session, nextXid++);
      return;
    }
    if (given.do === 'commit') return end(given.session, 'committed');
    if (given.do === 'rollback') return end(given.session, 'rolled-back');
    const wasOpen = open.has(given.session);
    const xid = open.get(given.session) ?? nextXid++;
    open.set(given.session, xid);
    const time = given.at === null && !pager.hasNulls ? 1 : given.at;
    if (given.do === 'insert') put({ id: nextId++, at: time, name: given.name, xid }, 1, xid);
    else {
      const id = (given.row % (nextId - 1 || 1)) + 1;
      const found = writable(id, xid);
      if (found !== undefined && (given.how === 'reinsert') === (found.endedBy !== null)) {
        if (given.how === 'reinsert') put({ ...found.row, at: time }, found.incarnation + 1, xid);
        else {
          found.endedBy = xid;
          found.endedHow = given.how;
          if (given.how === 'update')
            put(pager.touches ? { ...found.row, at: time } : found.row, found.incarnation, xid);
        }
      }
    }
    if (!wasOpen && given.session === 3) end(3, 'committed');
  };

  for (const given of plan.steps) step(given);
  for (const writer of [1, 2, 3]) end(writer, 'committed');
  if (pager.kind === 'tail') {
    for (let polls = 0; polls < 20; polls++) turn();
  } else for (let more = MOST_PAGES; more > 0; more--) turn();

  const ranks = rankKeys(
    versions.map((version) => version.row),
    pager,
  );
  const rankOf = (value: SimRow): number => ranks.get(JSON.stringify(pager.keyOf(value))) ?? -1;
  const transactions: HistoryTransaction[] = [...outcomes]
    .filter(([id]) => id > 0)
    .map(([id, outcome]) => ({ id: String(id), session: 'w', outcome }));
  const told: RowVersion[] = versions
    .filter(({ madeBy, endedBy }) => madeBy !== endedBy)
    .map(({ row: value, incarnation, madeBy, endedBy, endedHow }) => ({
      identity: [String(value.id)],
      incarnation,
      key: pager.keyOf(value),
      rank: rankOf(value),
      matches: true,
      madeBy: madeBy === 0 ? null : String(madeBy),
      endedBy: endedBy === null ? null : String(endedBy),
      endedHow,
    }));
  const scan: HistoryScan = {
    session: 'r',
    isolation: plan.isOneSnapshot && pager.kind === 'scan' ? 'repeatable-read' : 'read-committed',
    transactionPer: plan.isOneSnapshot && pager.kind === 'scan' ? 'scan' : 'page',
    direction: 'forward',
    pages: pages.map((page, index) => ({
      ...page,
      items: raw
        .filter((entry) => entry.page === index)
        .map(({ row: value }) => ({ identity: [String(value.id)], key: pager.keyOf(value), rank: rankOf(value) })),
    })),
    ended: pager.kind === 'tail' ? 'unfinished' : isEnded ? 'complete' : 'cut',
    failure: null,
  };
  return {
    format: 'palindrome-history/1',
    dialect: 'postgres',
    engineVersion: 'model',
    mode: 'stepped',
    pager: {
      id: pager.name,
      table: 't',
      identity: ['id'],
      key: pager.key,
      filter: null,
      kind: pager.kind,
      movedRows: pager.movedRows,
    },
    transactions,
    versions: told,
    scans: [scan],
    steps: [],
  };
}

function rankKeys(rows: readonly SimRow[], pager: SimPager): ReadonlyMap<string, number> {
  const sorted = rows.toSorted((a, b) => pager.compare(a, b));
  const ranks = new Map<string, number>();
  let rank = -1;
  for (const [index, value] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before === undefined || pager.compare(before, value) !== 0) rank++;
    ranks.set(JSON.stringify(pager.keyOf(value)), rank);
  }
  return ranks;
}

export const cell = (value: number | null): Cell => (value === null ? null : String(value));
