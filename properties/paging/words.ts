/** How rows, keys, pages and transactions are named to people. */
import type { Cell, Row } from '../../harness/core/dataset.ts';
import type { HistoryPage, PageEra, PagingHistory, RowVersion } from '../../harness/core/paging-history.ts';
import type { Life, ScanView } from './history-view.ts';

const LONGEST_CELL = 40;

/** `row 7`, `row (a, 7)`. */
export function rowWords(identity: Row): string {
  const [only, ...more] = identity;
  return `row ${only !== undefined && more.length === 0 ? cellWords(only) : keyWords(identity)}`;
}

/** `(12:00, 9)`. */
export function keyWords(key: Row): string {
  return `(${key.map(cellWords).join(', ')})`;
}

function cellWords(cell: Cell): string {
  if (cell === null) return 'NULL';
  return cell.length > LONGEST_CELL ? `${cell.slice(0, LONGEST_CELL - 1)}…` : cell;
}

/** `page 2`, `pages 1 to 4`, `pages 2 and 5`. Numbers ascend. */
export function pageWords(numbers: readonly number[]): string {
  const [first, ...more] = [...new Set(numbers)];
  const last = more.at(-1);
  if (first === undefined) return 'no page';
  if (last === undefined) return `page ${first}`;
  if (more.length === 1 || last - first === more.length)
    return `pages ${first} ${more.length === 1 ? 'and' : 'to'} ${last}`;
  return `pages ${[first, ...more.slice(0, -1)].join(', ')} and ${last}`;
}

/** How a page was asked for: `from the start`, `after cursor "…"`. */
export function askedWords({ cursorIn }: HistoryPage): string {
  return cursorIn === null ? 'from the start' : `after the cursor ${cursorIn === '' ? '""' : cellWords(cursorIn)}`;
}

/** What made a version, where it is not older than the history: `w1 (transaction 731)`. */
export function writerWords({ transactions }: PagingHistory, id: string): string {
  const session = transactions.find((transaction) => transaction.id === id)?.session;
  return session === undefined ? `transaction ${id}` : `${session} (transaction ${id})`;
}

/** What became visible between two pages of a scan, for one row: `w1 (transaction 731) inserted row 7 with the key (12:00, 7)`. */
export function changesBetween(view: ScanView, page: number): readonly string[] {
  return view.lives.flatMap((life) => changesOf(view, life, page));
}

/** The same for one row: what page `page`, from 0, sees and the one before it did not. */
export function changesOf({ history, pages }: ScanView, { stays, identity }: Life, page: number): readonly string[] {
  const row = rowWords(identity);
  const made = stays
    .filter(({ from, until }) => from === page && from > 0 && until > from)
    .map(({ version }) =>
      madeWords(
        history,
        version,
        stays.some((stay) => stay.until === page && stay.from < page) ? 'update' : 'insert',
        row,
      ),
    );
  if (made.length > 0) return made;
  return stays
    .filter(({ version, until }) => until === page && until < pages.length && version.endedHow === 'delete')
    .map(({ version }) => `${writerWords(history, version.endedBy ?? '')} deleted ${row}`);
}

function madeWords(history: PagingHistory, { madeBy, key }: RowVersion, how: 'insert' | 'update', row: string): string {
  const who = writerWords(history, madeBy ?? '');
  return how === 'insert'
    ? `${who} inserted ${row} with the key ${keyWords(key)}`
    : `${who} updated ${row}, whose key is now ${keyWords(key)}`;
}

const ERA_WORDS: Readonly<Record<PageEra, string>> = {
  steady: 'outside of the migration',
  'before-up': 'before the up',
  'during-up': 'while the up ran',
  'after-up': 'after the up',
  'during-down': 'while the down ran',
  'after-down': 'after the down',
};

/** When a page was asked for: `before the up`. */
export function eraOf(era: PageEra): string {
  return ERA_WORDS[era];
}

/** Which schema the pages of a scan met: `page 1 was asked for before the up, pages 2 and 3 after the up`. */
export function eraWords({ pages, scan }: ScanView): readonly string[] {
  const eras = [...new Set(pages.map(({ era }) => era))];
  const told = eras.map((era, at) => {
    const numbers = pages.filter((page) => page.era === era).map(({ number }) => number);
    const asked = at > 0 ? '' : numbers.length === 1 ? 'was asked for ' : 'were asked for ';
    return `${pageWords(numbers)} ${asked}${eraOf(era)}`;
  });
  const failed = scan.failure?.era;
  if (failed !== undefined && !eras.includes(failed)) told.push(`${pageWords([pages.length + 1])} ${eraOf(failed)}`);
  return told.length === 0 ? [] : [told.join(', ')];
}
