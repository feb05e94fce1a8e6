/** Clauses 2 and 4: each item was there, as it was returned, and the items stand in order across pages. */
import type { RowVersion } from '../../harness/core/paging-history.ts';
import type { Contradiction } from './contradiction.ts';
import { isOnceOnly, keyOf, type Returned, type ScanView } from './history-view.ts';
import { askedWords, keyWords, pageWords, rowWords, writerWords } from './words.ts';

/** 2: items that were not visible to their page, did not match, or had another key there. */
export function judgeSound(view: ScanView): readonly Contradiction[] {
  return view.returned.flatMap((entry): readonly Contradiction[] => {
    const { item, version } = entry;
    if (version !== null && version.matches && version.rank === item.rank) return [];
    return [
      {
        clause: 'sound',
        message: `${pageWords([entry.page + 1])} of ${view.scan.session}'s scan returned ${rowWords(item.identity)} with the key ${keyWords(item.key)}, ${whyUnsound(view, entry)}`,
        because: [],
        row: item.identity,
        scan: view.index,
        pages: [entry.page + 1],
      },
    ];
  });
}

function whyUnsound({ history }: ScanView, { item, version }: Returned): string {
  if (version !== null && version.rank !== item.rank)
    return `but its key was ${keyWords(version.key)} for that page's snapshot`;
  if (version !== null) return `which does not match the filter ${history.pager.filter ?? ''}`.trimEnd();
  const own = history.versions.filter(({ identity }) => keyOf(identity) === keyOf(item.identity));
  const same = own.findLast(({ rank }) => rank === item.rank) ?? own.at(-1);
  return same === undefined ? 'but there never was such a row' : whyInvisible(history, same);
}

function whyInvisible(history: ScanView['history'], { madeBy, endedBy, endedHow }: RowVersion): string {
  const maker = history.transactions.find(({ id }) => id === madeBy);
  if (maker?.outcome === 'rolled-back') return `which ${writerWords(history, maker.id)} wrote and rolled back`;
  if (endedBy !== null && endedHow === 'delete')
    return `which was not there for its snapshot: ${writerWords(history, endedBy)} had deleted it`;
  return madeBy === null
    ? 'which was not there for its snapshot'
    : `which was not there for its snapshot: ${writerWords(history, madeBy)} had not committed it`;
}

/** 4: neighbours whose keys do not grow. The same incarnation with the same key again is told by clause 3. */
export function judgeOrdered(view: ScanView): readonly Contradiction[] {
  const { returned, place, scan, index, pages } = view;
  const ranked = returned.filter(({ item }) => item.rank !== null);
  return ranked.flatMap((entry, at): readonly Contradiction[] => {
    const before = ranked[at - 1];
    if (before === undefined || before.item.rank === null || entry.item.rank === null) return [];
    if (place(before.item.rank) < place(entry.item.rank)) return [];
    if (isRepeat(view, entry)) return [];
    const isTie = before.item.rank === entry.item.rank;
    const isOnOnePage = before.page === entry.page;
    const order = isTie ? 'has the same key as' : 'stands before';
    const asked = pages[entry.page];
    const where = isOnOnePage ? `on ${pageWords([entry.page + 1])}` : `at the start of ${pageWords([entry.page + 1])}`;
    return [
      {
        clause: 'ordered',
        message: `${rowWords(entry.item.identity)} ${keyWords(entry.item.key)} ${where} of ${scan.session}'s scan ${order} ${rowWords(before.item.identity)} ${keyWords(before.item.key)}, which came just before it`,
        because:
          isOnOnePage || asked === undefined
            ? []
            : [`${pageWords([entry.page + 1])} was asked for ${askedWords(asked)}`],
        row: entry.item.identity,
        scan: index,
        pages: [...new Set([before.page + 1, entry.page + 1])],
      },
    ];
  });
}

/** A row that came before and may come only once: one and the same failure, which clause 1 or 3 tells. */
function isRepeat(view: ScanView, entry: Returned): boolean {
  const { life } = entry;
  if (life === null || !isOnceOnly(life, view)) return false;
  return view.returned.slice(0, view.returned.indexOf(entry)).some((other) => other.life === life);
}
