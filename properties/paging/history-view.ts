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
  const places = placeTransactions(history);
  const chains = groupVersions(history.versions, places);
  const scans = history.scans.map((scan, index): ScanView => viewScan(history, scan, index, chains, places));
  return { history, scans };
}

/** Text that is equal for equal identities alone. */
export function keyOf(row: Row): string {
  return JSON.stringify(row);
}

/** The place of each committed transaction among them, in the order of their ids. */
type Places = ReadonlyMap<string, number>;

/** Seen by every page, and by none: what was there before everything, and what was never committed. */
const ALWAYS = Number.NEGATIVE_INFINITY;
const NEVER = Number.POSITIVE_INFINITY;

/** A version, and the places of the transactions that made and ended it. */
interface Placed {
  readonly version: RowVersion;
  readonly made: number;
  readonly ended: number;
}

function placeTransactions({ transactions }: PagingHistory): Places {
  const committed = transactions.filter(({ outcome }) => outcome === 'committed').map(({ id }) => BigInt(id));
  const ordered = committed.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return new Map(ordered.map((id, place) => [String(id), place]));
}

function viewScan(
  history: PagingHistory,
  scan: HistoryScan,
  index: number,
  chains: readonly (readonly Placed[])[],
  places: Places,
): ScanView {
  const { pages } = scan;
  const firstPageOf = firstPages(
    pages.map(({ snapshot }) => snapshot),
    places,
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

function groupVersions(versions: readonly RowVersion[], places: Places): readonly (readonly Placed[])[] {
  const placed = versions.map((version): Placed => {
    const { madeBy, endedBy } = version;
    const made = madeBy === null ? ALWAYS : (places.get(madeBy) ?? NEVER);
    return { version, made, ended: endedBy === null ? NEVER : (places.get(endedBy) ?? NEVER) };
  });
  return [...groupBy(placed, ({ version: { identity, incarnation } }) => `${incarnation} ${keyOf(identity)}`).values()];
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

/**
 * The first page, from 0, that sees the transaction at a place; the number of pages where none does. Most transactions ended before the first
 * page or began after the last one, which one comparison tells.
 */
function firstPages(snapshots: readonly PageSnapshot[], places: Places): (place: number) => number {
  const ids = [...places.keys()];
  const pages = snapshots.map(({ xmax, inProgress }) => ({
    end: countBelow(ids, BigInt(xmax)),
    running: new Set(inProgress.flatMap((id) => places.get(id) ?? [])),
  }));
  const [first] = pages;
  const last = pages.at(-1);
  if (first === undefined || last === undefined) return () => 0;
  const settled = Math.min(first.end, ...first.running);
  const known = new Map<number, number>();
  return (place) => {
    if (place < settled) return 0;
    if (place >= last.end) return pages.length;
    const found = known.get(place);
    if (found !== undefined) return found;
    let [low, high] = [0, pages.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const page = pages[middle];
      if (page !== undefined && place < page.end && !page.running.has(place)) high = middle;
      else low = middle + 1;
    }
    known.set(place, low);
    return low;
  };
}

/** How many of the ids, which ascend, are below a bound. */
function countBelow(ids: readonly string[], bound: bigint): number {
  let [low, high] = [0, ids.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (BigInt(ids[middle] ?? bound) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

function liveThrough(chain: readonly Placed[], pages: number, firstPageOf: (place: number) => number): Life | null {
  const stays: Stay[] = [];
  for (const { version, made, ended } of chain) {
    const until = ended === NEVER ? pages : firstPageOf(ended);
    if (until === 0) continue;
    const from = firstPageOf(made);
    if (from < pages && from <= until) stays.push({ version, from, until });
  }
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
