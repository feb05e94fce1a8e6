/** What a history says against itself: nothing can be concluded from it, whoever is to blame. */
import type { HistoryScan, PagingHistory } from '../../harness/core/paging-history.ts';
import { sees } from '../../harness/core/paging-history.ts';
import { keyOf } from './history-view.ts';
import { rowWords } from './words.ts';

/** Why a history cannot be judged, one sentence each; empty: it can. */
export function findFlaws(history: PagingHistory): readonly string[] {
  const known = new Set(history.transactions.map(({ id }) => id));
  const outcomes = new Map(history.transactions.map(({ id, outcome }) => [id, outcome]));
  const named = history.versions.flatMap(({ madeBy, endedBy }) => [madeBy, endedBy].filter((id) => id !== null));
  const unknown = [...new Set(named)].filter((id) => !known.has(id));
  return [
    ...(unknown.length === 0
      ? []
      : [`its versions name transactions that it does not list: ${unknown.slice(0, 5).join(', ')}`]),
    ...findUnranked(history),
    ...findOverlaps(history),
    ...history.scans.flatMap((scan) => findSnapshotFlaw(scan, history, outcomes)),
  ];
}

/** Equal keys with different ranks. */
function findUnranked({ versions }: PagingHistory): readonly string[] {
  const ranks = new Map<string, number>();
  for (const { key, rank, identity } of versions) {
    const text = keyOf(key);
    const known = ranks.get(text);
    if (known !== undefined && known !== rank)
      return [`equal keys have different ranks, as that of ${rowWords(identity)}`];
    ranks.set(text, rank);
  }
  return [];
}

/** One transaction cannot make two versions of a row that both last, and a version that nothing ended is the only one. */
function findOverlaps({ versions, transactions }: PagingHistory): readonly string[] {
  const committed = new Set(transactions.filter(({ outcome }) => outcome === 'committed').map(({ id }) => id));
  const lasting = versions.filter(
    ({ madeBy, endedBy }) =>
      (madeBy === null || committed.has(madeBy)) && (endedBy === null || !committed.has(endedBy)),
  );
  const seen = new Set<string>();
  for (const { identity } of lasting) {
    const text = keyOf(identity);
    if (seen.has(text)) return [`${rowWords(identity)} has two versions that nothing ended`];
    seen.add(text);
  }
  return [];
}

/** Later pages see what earlier ones saw; pages of one transaction that keeps its snapshot see the same. */
function findSnapshotFlaw(
  { session, pages, isolation, transactionPer }: HistoryScan,
  { transactions }: PagingHistory,
  outcomes: Parameters<typeof sees>[2],
): readonly string[] {
  const keeps = transactionPer === 'scan' && isolation !== 'read-committed';
  for (const [at, { snapshot, number }] of pages.entries()) {
    const before = pages[at - 1];
    if (number !== at + 1) return [`the pages of ${session} are not numbered from 1`];
    if (before === undefined) continue;
    const isLess = BigInt(snapshot.xmax) < BigInt(before.snapshot.xmax);
    const lost = snapshot.inProgress.find((id) => sees(before.snapshot, id, outcomes));
    if (isLess || lost !== undefined) return [`page ${number} of ${session} sees less than the page before it`];
    const more = !keeps
      ? undefined
      : transactions.find(({ id }) => sees(snapshot, id, outcomes) && !sees(before.snapshot, id, outcomes));
    if (more !== undefined)
      return [
        `page ${number} of ${session} sees transaction ${more.id}, though its scan is one ${isolation} transaction that began before`,
      ];
  }
  return [];
}
