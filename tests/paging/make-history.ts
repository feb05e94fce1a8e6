/** Hand-made histories: rows of `events (at, id)`, ordered by both, and what each page saw of the transactions that wrote. */
import type {
  HistoryPage,
  HistoryScan,
  HistoryStep,
  HistoryTransaction,
  PageEra,
  PagingHistory,
  RowVersion,
} from '../../harness/core/paging-history.ts';
import type { MovedRowsPolicy } from '../../harness/core/pager.ts';

/** `7@12:00`: row 7 with that time. */
type RowName = string;

interface VersionSketch {
  readonly incarnation?: number;
  readonly madeBy?: string;
  readonly endedBy?: string;
  readonly endedHow?: 'update' | 'delete';
  readonly matches?: boolean;
}

interface PageSketch {
  /** Transactions that the page sees; the others are under way for it. */
  readonly sees?: readonly string[];
  readonly items: readonly RowName[];
  /** What the client sends next; absent: the key of the last item. */
  readonly cursorOut?: string | null;
  readonly era?: PageEra;
  readonly step?: number;
}

export interface HistorySketch {
  readonly mode?: PagingHistory['mode'];
  readonly kind?: 'scan' | 'tail';
  readonly movedRows?: MovedRowsPolicy;
  /** Each version of each row, by name; an empty sketch is there from before to after everything. */
  readonly rows: readonly (readonly [RowName, VersionSketch?])[];
  /** By id; absent: those that `rows` name, committed. */
  readonly transactions?: readonly HistoryTransaction[];
  readonly limit?: number;
  readonly pages: readonly PageSketch[];
  readonly scan?: Partial<Omit<HistoryScan, 'pages'>>;
  readonly steps?: readonly HistoryStep[];
}

/** A history with one scan by `r`. */
export function makeHistory(sketch: HistorySketch): PagingHistory {
  const { rows, pages, limit = 2, kind = 'scan' } = sketch;
  const keys = [...new Set(rows.map(([name]) => name))].map((name) => keyOf(name)).toSorted(compareKeys);
  const rankOf = (name: RowName): number => keys.findIndex((key) => compareKeys(key, keyOf(name)) === 0);
  const named = rows.flatMap(([, version]) => [version?.madeBy, version?.endedBy].filter((id) => id !== undefined));
  const transactions =
    sketch.transactions ??
    [...new Set(named)].toSorted().map((id): HistoryTransaction => ({ id, session: `w${id}`, outcome: 'committed' }));
  const xmax = String(Math.max(0, ...transactions.map(({ id }) => Number(id))) + 1);
  return {
    format: 'palindrome-history/1',
    dialect: 'postgres',
    engineVersion: '17.6',
    mode: sketch.mode ?? 'stepped',
    pager: {
      id: 'events-page',
      table: 'public.events',
      identity: ['id'],
      key: [
        { column: 'at', direction: 'asc', nulls: null },
        { column: 'id', direction: 'asc', nulls: null },
      ],
      filter: null,
      kind,
      movedRows: sketch.movedRows ?? 'forbid',
    },
    transactions,
    versions: rows.map(([name, version]): RowVersion => ({
      identity: [idOf(name)],
      incarnation: version?.incarnation ?? 1,
      key: keyOf(name),
      rank: rankOf(name),
      matches: version?.matches ?? true,
      madeBy: version?.madeBy ?? null,
      endedBy: version?.endedBy ?? null,
      endedHow: version?.endedBy === undefined ? null : (version.endedHow ?? 'delete'),
    })),
    scans: [
      {
        session: 'r',
        isolation: 'read-committed',
        transactionPer: 'page',
        direction: 'forward',
        ended: kind === 'tail' ? 'unfinished' : 'complete',
        failure: null,
        ...sketch.scan,
        pages: pages.map((page, at): HistoryPage => {
          const inProgress = transactions.map(({ id }) => id).filter((id) => !(page.sees ?? []).includes(id));
          const before = pages[at - 1];
          const isLast = at === pages.length - 1 && (sketch.scan?.ended ?? 'complete') === 'complete';
          return {
            number: at + 1,
            limit,
            snapshot: { xmin: inProgress[0] ?? xmax, xmax, inProgress },
            cursorIn: before === undefined ? null : cursorOf(before),
            cursorOut: isLast && kind === 'scan' ? null : cursorOf(page),
            items: page.items.map((name) => {
              const rank = rankOf(name);
              return { identity: [idOf(name)], key: keyOf(name), rank: rank === -1 ? null : rank };
            }),
            step: page.step ?? null,
            era: page.era ?? 'steady',
          };
        }),
      },
    ],
    steps: sketch.steps ?? [],
  };
}

function cursorOf({ cursorOut, items }: PageSketch): string | null {
  if (cursorOut !== undefined) return cursorOut;
  const last = items.at(-1);
  return last === undefined ? null : keyOf(last).join('|');
}

function idOf(name: RowName): string {
  return name.split('@')[0] ?? '';
}

function keyOf(name: RowName): readonly [string, string] {
  const [id = '', at = ''] = name.split('@');
  return [at, id];
}

function compareKeys(a: readonly [string, string], b: readonly [string, string]): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
  return Number(a[1]) - Number(b[1]);
}
