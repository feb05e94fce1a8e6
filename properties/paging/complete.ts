/** Clauses 1 and 3: a row that was there all along comes once, and no row comes twice while its key stays. */
import type { Contradiction } from './contradiction.ts';
import { isThroughout, seenRanks, type Life, type Returned, type ScanView } from './history-view.ts';
import { changesBetween, askedWords, keyWords, pageWords, rowWords } from './words.ts';

/** 1: rows that every page saw, with one key, and that came not at all, or (their key having left and come back) twice. */
export function judgeComplete(view: ScanView): readonly Contradiction[] {
  const times = countReturns(view);
  return view.lives.flatMap((life): readonly Contradiction[] => {
    const ranks = seenRanks(life);
    const [rank] = ranks;
    if (rank === undefined || ranks.length > 1 || !isThroughout(life, view)) return [];
    const came = times.get(life) ?? [];
    if (came.length > 1 && !life.isConstant) return [tellTwice(view, 'complete', life, came)];
    if (came.length > 0 || view.place(rank) > view.reach) return [];
    return [tellMissing(view, 'complete', life)];
  });
}

/** 3: rows whose key never changed and that came more than once, also if they were not there all along. */
export function judgeAtMostOnce(view: ScanView): readonly Contradiction[] {
  return [...countReturns(view)].flatMap(([life, came]) =>
    life.isConstant && came.length > 1 ? [tellTwice(view, 'at-most-once', life, came)] : [],
  );
}

/** Where each incarnation was returned. */
export function countReturns({ returned }: ScanView): ReadonlyMap<Life, readonly Returned[]> {
  const times = new Map<Life, Returned[]>();
  for (const entry of returned) {
    if (entry.life === null) continue;
    const known = times.get(entry.life);
    if (known === undefined) times.set(entry.life, [entry]);
    else known.push(entry);
  }
  return times;
}

/** A row that should have come and did not. */
export function tellMissing(view: ScanView, clause: Contradiction['clause'], life: Life): Contradiction {
  const { scan, pages, index } = view;
  const all = pages.map(({ number }) => number);
  const where = `${pages.length === 1 ? 'on' : 'at every page from 1 to'} ${pages.length === 1 ? 'the only page' : pages.length}`;
  const gap = findGap(view, life);
  return {
    clause,
    message: `${rowWords(life.identity)} was visible ${where} of ${scan.session}'s scan and was returned by none`,
    because: gap.sentences,
    row: life.identity,
    scan: index,
    pages: gap.pages.length === 0 ? all : gap.pages,
  };
}

/** Where the pages passed the row without returning it. */
function findGap(
  view: ScanView,
  life: Life,
): { readonly sentences: readonly string[]; readonly pages: readonly number[] } {
  const { returned, place, pages } = view;
  const rank = life.stays.find(({ from, until }) => from < until)?.version.rank ?? 0;
  const key = keyWords(life.stays.find(({ version }) => version.rank === rank)?.version.key ?? []);
  const at = returned.findIndex(({ item }) => item.rank !== null && place(item.rank) > place(rank));
  const after = at === -1 ? undefined : returned[at];
  const before = at === -1 ? returned.at(-1) : returned[at - 1];
  const own = `its key is ${key}`;
  if (before === undefined && after === undefined)
    return { sentences: [`${own}, and no page returned anything`], pages: [] };
  if (after === undefined && before !== undefined)
    return {
      sentences: [`${own}, and the scan ended at ${keyWords(before.item.key)} on ${numberOf(before)}, before it`],
      pages: [before.page + 1],
    };
  if (before === undefined && after !== undefined)
    return {
      sentences: [`${own}, and ${numberOf(after)} began after it, at ${keyWords(after.item.key)}`],
      pages: [after.page + 1],
    };
  if (before === undefined || after === undefined) return { sentences: [], pages: [] };
  if (before.page === after.page)
    return {
      sentences: [
        `${own}, and ${numberOf(after)} went from ${keyWords(before.item.key)} to ${keyWords(after.item.key)} without it`,
      ],
      pages: [after.page + 1],
    };
  const next = pages[after.page];
  return {
    sentences: [
      `${own}: ${numberOf(before)} ended at ${keyWords(before.item.key)}, and ${numberOf(after)}, asked for ${next === undefined ? '' : askedWords(next)}, began at ${keyWords(after.item.key)}, past it`,
      ...betweenWords(view, before.page + 1, after.page),
    ],
    pages: [before.page + 1, after.page + 1],
  };
}

function numberOf({ page }: Returned): string {
  return pageWords([page + 1]);
}

/** What writers did from one page, from 0, to another. */
function betweenWords(view: ScanView, from: number, to: number): readonly string[] {
  const changes: string[] = [];
  for (let page = from; page <= to; page++) changes.push(...changesBetween(view, page));
  if (changes.length === 0) return [];
  const told = changes.slice(0, 3).join('; ');
  const more = changes.length > 3 ? `; and ${changes.length - 3} more` : '';
  return [`between ${pageWords([from, to + 1])}, ${told}${more}`];
}

function tellTwice(
  view: ScanView,
  clause: Contradiction['clause'],
  life: Life,
  came: readonly Returned[],
): Contradiction {
  const numbers = came.map(({ page }) => page + 1);
  const key = keyWords(came[0]?.item.key ?? []);
  const [first, second] = came;
  const isOnOnePage = first?.page === second?.page;
  const how = life.isConstant ? `though its key ${key} never changed` : `though every page saw it with the key ${key}`;
  const where = isOnOnePage
    ? `${came.length} times, on ${pageWords(numbers)}`
    : `by ${pageWords([numbers[0] ?? 1])} and again by ${pageWords(numbers.slice(1))}`;
  return {
    clause,
    message: `${rowWords(life.identity)} was returned ${where} of ${view.scan.session}'s scan, ${how}`,
    because: first === undefined || second === undefined || isOnOnePage ? [] : whyAgain(view, first, second),
    row: life.identity,
    scan: view.index,
    pages: [...new Set(numbers)],
  };
}

function whyAgain(view: ScanView, first: Returned, second: Returned): readonly string[] {
  const { pages, returned } = view;
  const again = pages[second.page];
  const before = returned.findLast(({ page }) => page < second.page);
  if (again === undefined || before === undefined) return [];
  return [
    `${pageWords([before.page + 1])} ended at ${keyWords(before.item.key)}, and ${pageWords([second.page + 1])} was asked for ${askedWords(again)}`,
    ...betweenWords(view, first.page + 1, second.page),
  ];
}
