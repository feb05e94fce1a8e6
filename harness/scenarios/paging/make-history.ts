/**
 * A recorded history from what the driver left. Transactions are numbered from 1 in the order of the database's own numbers, and snapshots are
 * told in these numbers: other users of the server would make two runs of the same steps differ.
 */
import type { Row } from '../../core/dataset.ts';
import type { Database, EngineInfo } from '../../core/dialect.ts';
import type {
  HistoryPage,
  HistoryScan,
  HistoryTransaction,
  IsolationLevel,
  PageEra,
  PageSnapshot,
  PagingHistory,
  RowVersion,
} from '../../core/paging-history.ts';
import type { Driven } from './drive.ts';
import type { DrivenPage, DrivenScan } from './driven-scan.ts';
import type { PagedTable } from './paged-table.ts';
import type { LoggedTransaction, LoggedVersion } from './version-log.ts';

export interface HistoryRequest {
  readonly database: Pick<Database, 'rankKeys'>;
  readonly engine: Pick<EngineInfo, 'dialect' | 'version'>;
  readonly paged: PagedTable;
  readonly mode: PagingHistory['mode'];
  readonly isolation: IsolationLevel;
  readonly transactionPer: 'page' | 'scan';
  /** Which schema each page met, where there is one scan and more than one schema. */
  readonly eras?: readonly PageEra[];
  readonly driven: Omit<Driven, 'log'> & { readonly versions: readonly LoggedVersion[] };
}

/** Asks the database for the order of all keys, and writes the history down. */
export async function makeHistory(request: HistoryRequest): Promise<PagingHistory> {
  const { paged, driven, mode, engine } = request;
  const { pager } = paged;
  const rankOf = await rankAll(request);
  const numbers = numberTransactions(driven.transactions);
  const snapshotOf = renumbering(numbers);
  const idOf = (transaction: LoggedTransaction | null): string | null =>
    transaction === null ? null : (numbers.get(transaction) ?? null);
  return {
    format: 'palindrome-history/1',
    dialect: engine.dialect,
    engineVersion: engine.version,
    mode,
    pager: {
      id: pager.id,
      table: paged.table.key,
      identity: paged.identity,
      key: pager.key,
      filter: pager.filter,
      kind: pager.kind,
      movedRows: pager.movedRows,
    },
    transactions: [...numbers].map(([{ session, outcome }, id]): HistoryTransaction => ({
      id,
      session,
      outcome: outcome === 'committed' ? 'committed' : 'rolled-back',
    })),
    versions: driven.versions.map((version): RowVersion => ({
      identity: version.identity,
      incarnation: version.incarnation,
      key: version.key,
      rank: rankOf(version.key) ?? 0,
      matches: version.matches,
      madeBy: idOf(version.madeBy),
      endedBy: idOf(version.endedBy),
      endedHow: version.endedHow,
    })),
    scans: driven.scans.map((scan) => scanOf(scan, request, rankOf, snapshotOf)),
    steps: driven.steps.map((step) => ({ ...step })),
  };
}

/** The place of each key that a version had. */
async function rankAll({ database, paged, driven }: HistoryRequest): Promise<(key: Row) => number | null> {
  const keys = new Map(driven.versions.map(({ key }) => [JSON.stringify(key), key]));
  const all = [...keys.values()];
  const ranks = all.length === 0 ? [] : await database.rankKeys(paged.table.key, paged.key, all);
  const places = new Map([...keys.keys()].map((text, at) => [text, ranks[at] ?? 0]));
  return (key) => places.get(JSON.stringify(key)) ?? null;
}

/** Those without a number of the database's were rolled back before they had one. */
function numberTransactions(transactions: readonly LoggedTransaction[]): ReadonlyMap<LoggedTransaction, string> {
  const ordered = transactions.toSorted((a, b) => {
    if (a.id === null || b.id === null) return a.id === b.id ? 0 : a.id === null ? 1 : -1;
    return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  });
  return new Map(ordered.map((transaction, at) => [transaction, String(at + 1)]));
}

/** Tells a snapshot in these numbers: the same one, as far as these transactions go. */
function renumbering(numbers: ReadonlyMap<LoggedTransaction, string>): (raw: PageSnapshot) => PageSnapshot {
  const ids = [...numbers.keys()].flatMap(({ id }) => id ?? []);
  const numberOf = new Map(ids.map((id, at) => [id, at + 1]));
  return (raw) => {
    const end = BigInt(raw.xmax);
    let [low, high] = [0, ids.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ids[middle] ?? end) < end) low = middle + 1;
      else high = middle;
    }
    const xmax = String(low + 1);
    const running = raw.inProgress.flatMap((id) => numberOf.get(BigInt(id)) ?? []).toSorted((a, b) => a - b);
    const inProgress = running.map(String);
    return { xmin: inProgress[0] ?? xmax, xmax, inProgress };
  };
}

function scanOf(
  scan: DrivenScan,
  { isolation, transactionPer, eras, paged }: HistoryRequest,
  rankOf: (key: Row) => number | null,
  snapshotOf: (raw: PageSnapshot) => PageSnapshot,
): HistoryScan {
  const { session, direction, failure, isComplete, turner } = scan;
  const isOwn = turner.session !== null;
  return {
    session,
    isolation: isOwn ? isolation : 'read-committed',
    transactionPer: isOwn ? transactionPer : 'page',
    direction,
    pages: scan.pages.map((page, at) => pageOf(page, at, eras?.[at] ?? 'steady', rankOf, snapshotOf)),
    ended: failure !== null ? 'failed' : isComplete ? 'complete' : scan.isCut ? 'cut' : 'unfinished',
    failure:
      failure === null
        ? null
        : {
            message: failure.message,
            fault: failure.fault,
            isConcurrency: failure.isConcurrency,
            isDeclaredRefusal: isRefusal(failure, paged.pager.refusal),
            ...(scan.failedIn === undefined ? {} : { era: scan.failedIn }),
          },
  };
}

/** Whether a failure is the error that the pager declares for cursors that mean nothing any more. */
function isRefusal({ message, fault }: NonNullable<DrivenScan['failure']>, refusal: string | null): boolean {
  return refusal !== null && (fault?.code === refusal || message.includes(refusal));
}

function pageOf(
  { limit, snapshot, cursorIn, cursorOut, items, step }: DrivenPage,
  at: number,
  era: PageEra,
  rankOf: (key: Row) => number | null,
  snapshotOf: (raw: PageSnapshot) => PageSnapshot,
): HistoryPage {
  return {
    number: at + 1,
    limit,
    snapshot: snapshotOf(snapshot),
    cursorIn,
    cursorOut,
    items: items.map(({ identity, key }) => ({ identity, key, rank: rankOf(key) })),
    step,
    era,
  };
}
