/**
 * The tail: polled for ever, it delivers each committed row once.
 *
 * A row is due when nothing can be said for holding it back: the last poll saw it and returned fewer rows than it was asked for, and every
 * transaction that began before the row's own had ended. A tail that waits for transactions under way (the safe horizon) is right to wait.
 */
import { countReturns } from './complete.ts';
import type { Contradiction } from './contradiction.ts';
import { stayAt, type Life, type ScanView } from './history-view.ts';
import { keyWords, rowWords, writerWords } from './words.ts';

/** Rows that were due at the last poll and that no poll had returned. */
export function judgeDelivered(view: ScanView): readonly Contradiction[] {
  if (!isDrained(view)) return [];
  const times = countReturns(view);
  return view.lives.flatMap((life) => (isDue(view, life) && !times.has(life) ? [tellUndelivered(view, life)] : []));
}

/** Whether the last poll came to what there was. */
export function isDrained({ pages }: ScanView): boolean {
  const last = pages.at(-1);
  return last !== undefined && last.items.length < last.limit;
}

function isDue({ pages, history }: ScanView, life: Life): boolean {
  const last = pages.length - 1;
  const version = stayAt(life, last)?.version;
  const xmin = pages[last]?.snapshot.xmin;
  if (version === undefined || xmin === undefined) return false;
  if (!life.isConstant && history.pager.movedRows === 'may-miss') return false;
  const isSettled = life.stays.every(({ version: { madeBy } }) => madeBy === null || BigInt(madeBy) < BigInt(xmin));
  return isSettled && life.stays.every(({ version: { matches } }) => matches);
}

function tellUndelivered(view: ScanView, life: Life): Contradiction {
  const { history, pages, scan, index, returned, place } = view;
  const version = stayAt(life, pages.length - 1)?.version;
  const rank = version?.rank ?? 0;
  const from = Math.min(...life.stays.map((stay) => stay.from));
  const passed = returned.find(({ item, page }) => page < from && item.rank !== null && place(item.rank) > place(rank));
  const who =
    version?.madeBy == null
      ? 'it was there before everything'
      : `${writerWords(history, version.madeBy)} committed it before poll ${from + 1}`;
  return {
    clause: 'delivered',
    message: `${rowWords(life.identity)} ${keyWords(version?.key ?? [])} was committed and visible to poll ${pages.length} of ${scan.session}, the last, and was delivered by none`,
    because: [
      who,
      ...(passed === undefined
        ? []
        : [
            `poll ${passed.page + 1} had already gone past it, to ${keyWords(passed.item.key)}, while it was not visible: transactions commit in another order than that of their keys`,
          ]),
    ],
    row: life.identity,
    scan: index,
    pages: passed === undefined ? [pages.length] : [passed.page + 1, pages.length],
  };
}
