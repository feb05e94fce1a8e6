/** Clause 5, and that every page is answered: a scan comes to its end, in a number of pages that the rows decide. */
import type { Contradiction } from './contradiction.ts';
import { stayAt, type Life, type ScanView } from './history-view.ts';
import { askedWords, keyWords, pageWords } from './words.ts';
import { count } from '../../harness/core/text.ts';

/** 5: more pages than ⌈(rows at the first snapshot + rows that entered ahead) / L⌉ + 1, or a cursor that came before and leads nowhere new. */
export function judgeTerminates(view: ScanView): readonly Contradiction[] {
  const stuck = findRepeatedCursor(view);
  if (stuck !== null) return [tellStuck(view, stuck.first, stuck.again)];
  const bound = pageBound(view);
  if (view.pages.length <= bound.pages) return [];
  const { scan, index, pages } = view;
  return [
    {
      clause: 'terminates',
      message: `${scan.session}'s scan took ${count(pages.length, 'page')} and ${scan.ended === 'complete' ? 'ended late' : 'had not ended'}: with ${count(bound.rows, 'row')} at its first page, ${bound.entered} that entered ahead of it and ${bound.limit} a page, ${count(bound.pages, 'page')} must do`,
      because: lastPagesWords(view),
      row: null,
      scan: index,
      pages: pages.slice(-2).map(({ number }) => number),
    },
  ];
}

/** What a terminating pager can take at most. */
interface PageBound {
  readonly pages: number;
  readonly rows: number;
  /** w: rows that came ahead of the cursor while the scan went on. */
  readonly entered: number;
  readonly limit: number;
}

/**
 * ⌈(rows + w) / L⌉ + 1. A pager that goes on until a page is empty may meet new rows after a short page, which costs a page
 * each time: such pages are added.
 */
function pageBound(view: ScanView): PageBound {
  const { pages, lives } = view;
  const limit = Math.max(1, Math.min(...pages.map((page) => page.limit)));
  const positions = positionsOf(view);
  const rows = lives.filter((life) => stayAt(life, 0)?.version.matches === true).length;
  const enteredAt = lives.flatMap((life) => entries(view, life, positions));
  const late = new Set(enteredAt.filter((page) => (pages[page - 1]?.items.length ?? 0) < limit));
  const entered = enteredAt.length;
  return { pages: Math.ceil((rows + entered) / limit) + 1 + late.size, rows, entered, limit };
}

/** How far the scan had come before each page. */
function positionsOf({ pages, returned, place }: ScanView): readonly number[] {
  const furthest = pages.map(() => Number.NEGATIVE_INFINITY);
  for (const { page, item } of returned)
    if (item.rank !== null) furthest[page] = Math.max(furthest[page] ?? Number.NEGATIVE_INFINITY, place(item.rank));
  const positions: number[] = [];
  let position = Number.NEGATIVE_INFINITY;
  for (const end of furthest) {
    positions.push(position);
    position = Math.max(position, end);
  }
  return positions;
}

/** The pages, from 0, for which a row is ahead of the cursor that was not so for the page before. */
function entries({ place }: ScanView, life: Life, positions: readonly number[]): readonly number[] {
  const isAhead = (page: number, position: number): boolean => {
    const version = stayAt(life, page)?.version;
    return version !== undefined && version.matches && place(version.rank) > position;
  };
  return life.stays.flatMap(({ from, until }) => {
    const position = positions[from];
    const before = positions[from - 1];
    if (from === 0 || from === until || position === undefined || before === undefined) return [];
    return isAhead(from, position) && !isAhead(from - 1, position) ? [from] : [];
  });
}

/** Two pages that ended in the same cursor, though the later one should have gone further. */
function findRepeatedCursor({ pages, returned, place }: ScanView): { first: number; again: number } | null {
  const known = new Map<string, number>();
  const lastPlace = (page: number): number => {
    const rank = returned.findLast((entry) => entry.page === page)?.item.rank ?? null;
    return rank === null ? Number.NEGATIVE_INFINITY : place(rank);
  };
  for (const [again, { cursorOut }] of pages.entries()) {
    if (cursorOut === null) continue;
    const first = known.get(cursorOut);
    if (first !== undefined && lastPlace(again) <= lastPlace(first)) return { first, again };
    known.set(cursorOut, again);
  }
  return null;
}

function tellStuck(view: ScanView, first: number, again: number): Contradiction {
  const { scan, pages, index } = view;
  const cursor = pages[again]?.cursorOut ?? '';
  return {
    clause: 'terminates',
    message: `${scan.session}'s scan does not advance (a livelock): ${pageWords([first + 1])} and ${pageWords([again + 1])} both ended in the cursor ${cursor}`,
    because: [...lastPagesWords(view), 'whoever follows it is given the same place again, and never comes to an end'],
    row: null,
    scan: index,
    pages: [first + 1, again + 1],
  };
}

function lastPagesWords({ pages, returned }: ScanView): readonly string[] {
  return pages.slice(0, 2).map((page, at) => {
    const last = returned.findLast((entry) => entry.page === at)?.item.key;
    const end = last === undefined ? 'returned nothing' : `ended at ${keyWords(last)}`;
    return `${pageWords([page.number])}, asked for ${askedWords(page)}, ${end}`;
  });
}

/** Every page is answered: an error other than the database's no to concurrency ends a scan before its rows came. */
export function judgeAnswers(view: ScanView): readonly Contradiction[] {
  const { scan, index, pages, isJoint } = view;
  const { failure } = scan;
  if (failure === null || scan.ended !== 'failed' || failure.isConcurrency) return [];
  if (isJoint && failure.isDeclaredRefusal) return [];
  const at = pages.length + 1;
  const cursor = pages.at(-1)?.cursorOut ?? null;
  const asked = at === 1 || cursor === null ? 'from the start' : `after the cursor ${cursor}`;
  return [
    {
      clause: 'answers',
      message: `${pageWords([at])} of ${scan.session}'s scan, asked for ${asked}, was not answered: ${failure.message}`,
      because: [],
      row: null,
      scan: index,
      pages: [at],
    },
  ];
}
