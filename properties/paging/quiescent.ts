/** Clause 7: with nobody writing, the pages are the whole ordered query cut into pieces, forwards and backwards. */
import type { HistoryItem, RowVersion } from '../../harness/core/paging-history.ts';
import type { Contradiction } from './contradiction.ts';
import { keyOf, stayAt, type ScanView } from './history-view.ts';
import { askedWords, keyWords, pageWords, rowWords } from './words.ts';
import { count } from '../../harness/core/text.ts';

/** 7: the first place where a scan is not the ordered query, or a page is not as long as it must be. */
export function judgeQuiescent(view: ScanView): readonly Contradiction[] {
  const { place, returned, scan, index } = view;
  const whole = view.lives
    .flatMap((life) => stayAt(life, 0)?.version ?? [])
    .filter(({ matches }) => matches)
    .toSorted((a, b) => place(a.rank) - place(b.rank));
  const at = returned.findIndex(({ item }, position) => !isSame(item, whole[position]));
  const isShort = view.isComplete && at === -1 && returned.length < whole.length;
  if (at === -1 && !isShort) return judgeSizes(view, whole.length);
  const position = at === -1 ? returned.length : at;
  const entry = returned[position];
  const [wanted, found] = [whole[position], entry?.item];
  const number = (entry?.page ?? view.pages.length - 1) + 1;
  const page = view.pages[number - 1];
  const should = wanted === undefined ? 'nothing' : `${rowWords(wanted.identity)} ${keyWords(wanted.key)}`;
  const is = found === undefined ? 'nothing' : `${rowWords(found.identity)} ${keyWords(found.key)}`;
  const way = scan.direction === 'forward' ? '' : ' from its end';
  return [
    {
      clause: 'quiescent',
      message: `with nobody writing, place ${position + 1} of the ordered query${way} is ${should}, and the scan with ${count(page?.limit ?? 0, 'row')} a page has ${is} there, on ${pageWords([number])}`,
      because:
        page === undefined
          ? []
          : [`${pageWords([number])} was asked for ${askedWords(page)}`, ...rankWords(found, wanted)],
      row: wanted?.identity ?? found?.identity ?? null,
      scan: index,
      pages: [number],
    },
  ];
}

/** Equal keys may stand either way round; that they are equal is told by clause 4. */
function isSame(item: HistoryItem, wanted: RowVersion | undefined): boolean {
  return wanted !== undefined && keyOf(item.identity) === keyOf(wanted.identity) && item.rank === wanted.rank;
}

function rankWords(found: HistoryItem | undefined, wanted: RowVersion | undefined): readonly string[] {
  if (found === undefined || wanted === undefined || found.rank !== wanted.rank) return [];
  return ['both have the same key, so that the order between them is anybody’s guess'];
}

/** Each page but the last is full, and none is fuller. */
function judgeSizes(view: ScanView, rows: number): readonly Contradiction[] {
  const wrong = view.pages.find(({ items, limit }, at) => {
    const before = view.pages.slice(0, at).reduce((sum, page) => sum + page.items.length, 0);
    return items.length !== Math.min(limit, rows - before);
  });
  if (wrong === undefined) return [];
  return [
    {
      clause: 'quiescent',
      message: `with nobody writing, ${pageWords([wrong.number])} has ${count(wrong.items.length, 'row')}, and was asked for ${wrong.limit}`,
      because: [`the ordered query has ${count(rows, 'row')}`],
      row: null,
      scan: view.index,
      pages: [wrong.number],
    },
  ];
}
