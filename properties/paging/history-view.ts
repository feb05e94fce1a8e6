/**
 * A history as judgements look at it: which version of which row each page could see, worked out once.
 *
 * Visibility within a scan only grows, so each transaction has a first page that sees it, and each version stands there for a run of
 * pages. That makes judging linear in versions and items, which overlapping histories with thousands of writers need.
 */
import type { Row } from '../../harness/core/dataset.ts';
import type {
  HistoryItem,
  HistoryPage,
  HistoryScan,
  PageSnapshot,
  PagingHistory,
  RowVersion,
} from '../../harness/core/paging-history.ts';
import { sees } from '../../harness/core/paging-history.ts';

/** A version over the pages of one scan, counted from 0: it is visible from page `from` to the one before `until`. */
export interface Stay {
  readonly version: RowVersion;
  readonly from: number;
  readonly until: number;
}

/** An incarnation over one scan: its committed versions that were there at some time between the first snapshot and the last. */
export interface Life {
  readonly identity: Row;
  readonly incarnation: number;
  readonly stays: readonly Stay[];
  /** K is the same in all of them. */
  readonly isConstant: boolean;
}

/** An item where it was returned. */
export interface Returned {
  readonly item: HistoryItem;
  /** From 0. */
  readonly page: number;
  /** What it was at that page's snapshot; null: no version of that row was visible. */
  readonly life: Life | null;
  readonly version: RowVersion | null;
}

export interface ScanView {
  readonly history: PagingHistory;
  readonly scan: HistoryScan;
  /** Position among the history's scans, from 0. */
  readonly index: number;
  readonly pages: readonly HistoryPage[];
  readonly lives: readonly Life[];
  /** All items, in the order in which they were returned. */
  readonly returned: readonly Returned[];
  readonly isComplete: boolean;
  /** It met more than one schema. */
  readonly isJoint: boolean;
  /** Where a rank lies on the way of this scan: it grows from its start to its end. */
  readonly place: (rank: number) => number;
  /** How far the scan came: rows up to here should have come. Infinity where it came to its end. */
  readonly reach: number;
}

export interface HistoryView {
  readonly history: PagingHistory;
  readonly scans: readonly ScanView[];
}

/** Works out a history. It must have no flaws (`findFlaws`). */
export function viewHistory(history: PagingHistory): HistoryView {
  const outcomes = new Map(history.transactions.map(({ id, outcome }) => [id, outcome]));
  const chains = groupVersions(history.versions);
  const scans = history.scans.map((scan, index): ScanView => viewScan(history, scan, index, chains, outcomes));
  return { history, scans };
}

/** Text that is equal for equal identities alone. */
export function keyOf(row: Row): string {
  return JSON.stringify(row);
}

type Outcomes = Parameters<typeof sees>[2];

function viewScan(
  history: PagingHistory,
  scan: HistoryScan,
  index: number,
  chains: readonly (readonly RowVersion[])[],
  outcomes: Outcomes,
): ScanView {
  const { pages } = scan;
  const firstPageOf = firstPages(
    pages.map(({ snapshot }) => snapshot),
    outcomes,
  );
  const lives = chains.flatMap((chain) => liveThrough(chain, pages.length, firstPageOf) ?? []);
  const byIdentity = groupBy(lives, ({ identity }) => keyOf(identity));
  const returned = pages.flatMap(({ items }, page) =>
    items.map((item): Returned => ({ item, page, ...visibleAt(byIdentity.get(keyOf(item.identity)) ?? [], page) })),
  );
  const sign = scan.direction === 'forward' ? 1 : -1;
  const place = (rank: number): number => sign * rank;
  const isComplete = scan.ended === 'complete';
  const eras = new Set([
    ...pages.map(({ era }) => era),
    ...(scan.failure?.era === undefined ? [] : [scan.failure.era]),
  ]);
  const last = returned.at(-1)?.item.rank ?? null;
  const reach = isComplete ? Number.POSITIVE_INFINITY : last === null ? Number.NEGATIVE_INFINITY : place(last);
  return { history, scan, index, pages, lives, returned, isComplete, isJoint: eras.size > 1, place, reach };
}

function groupVersions(versions: readonly RowVersion[]): readonly (readonly RowVersion[])[] {
  return [...groupBy(versions, ({ identity, incarnation }) => `${incarnation} ${keyOf(identity)}`).values()];
}

function groupBy<Value>(
  values: readonly Value[],
  nameOf: (value: Value) => string,
): ReadonlyMap<string, readonly Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const name = nameOf(value);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [value]);
    else group.push(value);
  }
  return groups;
}

/** The first page, from 0, that sees a transaction; the number of pages where none does. */
function firstPages(snapshots: readonly PageSnapshot[], outcomes: Outcomes): (transaction: string | null) => number {
  const known = new Map<string, number>();
  return (transaction) => {
    if (transaction === null) return 0;
    const found = known.get(transaction);
    if (found !== undefined) return found;
    let [low, high] = [0, snapshots.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const snapshot = snapshots[middle];
      if (snapshot !== undefined && sees(snapshot, transaction, outcomes)) high = middle;
      else low = middle + 1;
    }
    known.set(transaction, low);
    return low;
  };
}

function liveThrough(
  chain: readonly RowVersion[],
  pages: number,
  firstPageOf: (transaction: string | null) => number,
): Life | null {
  const stays = chain
    .map((version): Stay => {
      const until = version.endedBy === null ? pages : firstPageOf(version.endedBy);
      return { version, from: firstPageOf(version.madeBy), until };
    })
    .filter(({ from, until }) => from < pages && until > 0 && from <= until);
  const [first] = stays;
  if (first === undefined) return null;
  const { identity, incarnation, rank } = first.version;
  return { identity, incarnation, stays, isConstant: stays.every(({ version }) => version.rank === rank) };
}

function visibleAt(lives: readonly Life[], page: number): Pick<Returned, 'life' | 'version'> {
  for (const life of lives) {
    const stay = stayAt(life, page);
    if (stay !== undefined) return { life, version: stay.version };
  }
  return { life: null, version: null };
}

/** The stay that a page sees, if any. */
export function stayAt({ stays }: Life, page: number): Stay | undefined {
  return stays.find(({ from, until }) => from <= page && page < until);
}

/** Whether every page of the scan saw the row, and F held for it each time. */
export function isThroughout({ stays }: Life, { pages }: ScanView): boolean {
  const seen = stays.filter(({ from, until }) => from < until);
  if (seen.some(({ version }) => !version.matches)) return false;
  return seen.reduce((sum, { from, until }) => sum + until - from, 0) === pages.length && pages.length > 0;
}

/** Ranks that pages saw it with, each once, in the order of the pages. */
export function seenRanks({ stays }: Life): readonly number[] {
  const seen = stays.filter(({ from, until }) => from < until).toSorted((a, b) => a.from - b.from);
  return [...new Set(seen.map(({ version }) => version.rank))];
}

/** Whether it may come only once: its key stayed, or every page saw it with the same one. */
export function isOnceOnly(life: Life, view: ScanView): boolean {
  return life.isConstant || (isThroughout(life, view) && seenRanks(life).length === 1);
}
