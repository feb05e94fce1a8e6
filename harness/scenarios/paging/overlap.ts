/**
 * Lets the writers of an interleaving work at once, each in its own order, while readers scan again and again until the last writer is done.
 * Nothing of it is ordered by the time at which an answer came: versions are linked by what the database tells (`link-versions.ts`), and pages
 * by their snapshots.
 */
import type { Interleaving } from '../../core/interleaving.ts';
import type { DatabaseSession, Returning, SentTransaction, WriterSession } from '../../core/session.ts';
import { type DrivenScan, hasEnded, keepPage, startScan } from './driven-scan.ts';
import { linkVersions, type LinkedVersions, type SentRecord } from './link-versions.ts';
import type { PagedTable } from './paged-table.ts';
import type { OpenTurner, Turned } from './page-turner.ts';
import { sentWrites } from './sent-writes.ts';
import type { SeenRow } from './version-log.ts';

/** Scans of one reader that are kept: each is judged against all versions. */
const MOST_SCANS = 40;

export interface OverlapRequest {
  readonly paged: PagedTable;
  readonly interleaving: Interleaving;
  readonly session: (name: string) => Promise<DatabaseSession>;
  readonly writer: (name: string) => Promise<WriterSession>;
  readonly openTurner: OpenTurner;
}

export interface Overlapped extends LinkedVersions {
  readonly scans: readonly DrivenScan[];
}

/** Runs all sessions to their end. No transaction is open after it. */
export async function overlap(request: OverlapRequest): Promise<Overlapped> {
  const { paged, interleaving, writer } = request;
  const { identity, key, pager, table } = paged;
  const columns = [...identity, ...key.map(({ column }) => column)];
  const returning: Returning = { columns, condition: pager.filter };
  const work = sentWrites(interleaving, table.key);
  const writers = await Promise.all([...work.keys()].map(writer));
  const start = await (await writer('w0')).versions(table.key, returning);
  const writes = [...work.values()].flat().reduce((sum, sent) => sum + sent.writes.length, 0);
  const state = { isOver: false };
  const readers = [...new Set(interleaving.steps.filter(({ op }) => op === 'page').map(({ session }) => session))].map(
    (name) => readAll(request, name, start.length + writes, state),
  );
  const written = Promise.all(writers.map((each) => writeAll(each, work.get(each.name) ?? [], returning))).finally(
    () => (state.isOver = true),
  );
  // Both are waited for, whichever fails: nothing may be under way when the next case begins.
  const [sent, scans] = await Promise.allSettled([written, Promise.all(readers)]);
  if (sent.status === 'rejected') throw sent.reason;
  if (scans.status === 'rejected') throw scans.reason;
  const linked = linkVersions(start, sent.value.flat(), (cells) => seenRow(cells, identity.length, columns.length));
  return { ...linked, scans: scans.value.flat() };
}

function seenRow(cells: SeenRow['key'], identity: number, columns: number): SeenRow {
  return { identity: cells.slice(0, identity), key: cells.slice(identity, columns), matches: cells[columns] === '1' };
}

async function writeAll(
  writer: WriterSession,
  transactions: readonly SentTransaction[],
  returning: Returning,
): Promise<readonly SentRecord[]> {
  const answers = await writer.sendAll(transactions, returning);
  return answers.map((answer, at) => ({
    session: writer.name,
    ops: transactions[at]?.writes.map(({ op }) => op) ?? [],
    answer,
  }));
}

async function readAll(
  request: OverlapRequest,
  name: string,
  rows: number,
  state: { readonly isOver: boolean },
): Promise<readonly DrivenScan[]> {
  const session = await request.session(name);
  const scans: DrivenScan[] = [];
  do scans.push(await scanOnce(request, session, `${name}.${scans.length + 1}`, rows, state));
  while (!state.isOver && scans.length < MOST_SCANS);
  return scans;
}

/** One scan from its first page to its end; a tail's ends when it finds nothing more after the last writer. `rows`: all that can ever be ahead of it. */
async function scanOnce(
  { openTurner, interleaving, paged }: OverlapRequest,
  session: DatabaseSession,
  name: string,
  rows: number,
  state: { readonly isOver: boolean },
): Promise<DrivenScan> {
  const { limit, isolation, transactionPer } = interleaving;
  await using turner = await openTurner(session, limit);
  const scan = startScan(name, turner, limit, 'forward', paged.pager.kind === 'tail');
  const isHeld = transactionPer === 'scan' || isolation === 'serializable';
  let isBegun = false;
  while (!hasEnded(scan, rows)) {
    scan.isDraining = state.isOver;
    if (isHeld && !isBegun) await session.begin(isolation);
    isBegun = isHeld;
    let turned: Turned = await turner.turn(scan.cursor, 'forward');
    while (turned.status === 'blocked') turned = await turner.settle();
    if (turned.status === 'failed') scan.failure = turned;
    else if (turned.snapshot === null) throw new Error('a page without a snapshot');
    else keepPage(scan, turned, turned.snapshot, null);
    if (!isBegun || (transactionPer === 'scan' && !hasEnded(scan, rows))) continue;
    isBegun = false;
    if (scan.failure === null) await endReading(session);
    else await session.rollback();
  }
  return scan;
}

/** A serialisable reader may be refused at its end: what it read by then is still what its snapshots saw. */
async function endReading(session: DatabaseSession): Promise<void> {
  const answer = await session.commit();
  if (answer.status !== 'failed') return;
  await session.rollback();
  if (!answer.isConcurrency) throw new Error(answer.fault.message);
}
