/** Clause 6: rows whose key changes while a scan is under way, by the pager's policy. */
import { countReturns, tellMissing } from './complete.ts';
import type { Contradiction } from './contradiction.ts';
import { isThroughout, seenRanks, type Life, type ScanView } from './history-view.ts';
import { keyWords, pageWords, rowWords, writerWords } from './words.ts';

/** 6: under `forbid` a key that changed at all, under `at-least-once` a moved row that did not come. */
export function judgeMovedRows(view: ScanView): readonly Contradiction[] {
  const { movedRows } = view.history.pager;
  if (movedRows === 'may-miss') return [];
  const moved = view.lives.filter((life) => !life.isConstant && life.stays.some(({ version }) => version.matches));
  if (movedRows === 'forbid') return moved.map((life) => tellMoved(view, life));
  const times = countReturns(view);
  return moved.flatMap((life): readonly Contradiction[] => {
    const ranks = seenRanks(life);
    const isDue = ranks.length > 1 && isThroughout(life, view) && ranks.every((rank) => view.place(rank) <= view.reach);
    if (!isDue || times.has(life)) return [];
    const missing = tellMissing(view, 'moved-rows', life);
    return [
      {
        ...missing,
        because: [
          `its key moved while the scan went on (${keysOf(life)}), and the pager's policy for such rows is at-least-once`,
          ...movesOf(view, life),
        ],
      },
    ];
  });
}

function tellMoved(view: ScanView, life: Life): Contradiction {
  const { scan, index, pages } = view;
  return {
    clause: 'moved-rows',
    message: `the key of ${rowWords(life.identity)} changed while ${scan.session}'s scan was under way (${keysOf(life)}), and the pager's policy for such rows is forbid`,
    because: [
      ...movesOf(view, life),
      'a row that moves across the cursor is skipped, or comes twice: order by columns that never change, or declare movedRows as at-least-once or may-miss',
    ],
    row: life.identity,
    scan: index,
    pages: pages.map(({ number }) => number),
  };
}

function keysOf({ stays }: Life): string {
  const sorted = stays.toSorted((a, b) => a.from - b.from || a.until - b.until);
  return sorted.map(({ version }) => keyWords(version.key)).join(' → ');
}

function movesOf({ history, pages }: ScanView, { stays, identity }: Life): readonly string[] {
  return stays.flatMap(({ version, from }) => {
    if (from === 0 || version.madeBy === null) return [];
    const when = from < pages.length ? `between ${pageWords([from, from + 1])}, ` : '';
    return [
      `${when}${writerWords(history, version.madeBy)} gave ${rowWords(identity)} the key ${keyWords(version.key)}`,
    ];
  });
}
