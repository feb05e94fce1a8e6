/** Quiescent cases: nobody writes, and the pages of every size are all the rows in order, forward and backward. */
import type { Dataset } from '../../core/dataset.ts';
import type { Parameters } from '../../core/evidence.ts';
import { type DrivenScan, hasEnded, keepPage, startScan } from './driven-scan.ts';
import { drawnFrom, type KindRun, type PagingGround, type PagingKind } from './kind.ts';
import { makeHistory } from './make-history.ts';
import type { PageDirection } from './page-turner.ts';
import { drawCase, loadRows, lookAtRows, turnerOf } from './rows.ts';
import { showRows } from './show-steps.ts';
import { VersionLog } from './version-log.ts';

export const quiescent: PagingKind = {
  id: 'quiescent',
  isFor: ({ kind }) => kind === 'scan',
  simpler: (parameters) => {
    const limits = limitsIn(parameters) ?? [];
    if (limits.length < 2) return [];
    return limits.map((limit) => ({ ...parameters, limits: [limit] }));
  },
  run,
};

function limitsIn(parameters: Readonly<Record<string, Parameters>>): readonly number[] | null {
  return (parameters['limits'] ?? null) as readonly number[] | null;
}

async function run(
  ground: PagingGround,
  parameters: Readonly<Record<string, Parameters>>,
  rows: Dataset,
): Promise<KindRun> {
  const { bench, paged, setting } = ground;
  const draw = drawnFrom(parameters);
  const drawn = draw === null ? rows : drawCase(ground, draw.seed, draw.index).rows;
  const { loaded, refused } = await loadRows(ground, drawn);
  const start = await lookAtRows(ground);
  const all = start.filter(({ matches }) => matches).length;
  const limits = limitsIn(parameters) ?? [...new Set([1, 2, 3, Math.max(1, all), all + 1])];
  const scans: DrivenScan[] = [];
  const steps: string[] = [];
  for (const limit of limits) {
    for (const direction of ['forward', 'backward'] as const) {
      const scan = await scanAll(ground, limit, direction, start.length);
      if (scan === null) continue;
      scans.push(scan);
      steps.push(`${direction} by ${limit}: ${scan.pages.map(({ items }) => wordsOf(items)).join(' | ')}`);
    }
  }
  const log = new VersionLog();
  for (const row of start) log.start(row);
  const history = await makeHistory({
    database: bench.database,
    engine: setting.engine,
    paged,
    mode: 'quiescent',
    isolation: setting.dialect.name === 'sqlite' ? 'serializable' : 'read-committed',
    transactionPer: 'page',
    driven: { versions: log.versions, transactions: [], steps: [], scans },
  });
  return {
    loaded,
    refused,
    parameters: { limits: [...limits] },
    histories: [history],
    codec: [],
    plans: [],
    steps,
    shown: showRows(ground, loaded),
    unusable: null,
  };
}

async function scanAll(
  ground: PagingGround,
  limit: number,
  direction: PageDirection,
  rows: number,
): Promise<DrivenScan | null> {
  const session = await ground.bench.session('r1');
  await using turner = await turnerOf(ground)(session, limit);
  if (direction === 'backward' && !turner.canGoBack) return null;
  const scan = startScan(session.name, turner, limit, direction, false);
  while (!hasEnded(scan, rows)) {
    const seen = turner.session === null ? await ground.bench.look() : null;
    const turned = await turner.turn(scan.cursor, direction);
    if (turned.status === 'blocked') throw new Error('a page waits though nobody writes');
    if (turned.status === 'failed') {
      scan.failure = turned;
      continue;
    }
    const snapshot = turned.snapshot ?? seen;
    if (snapshot === null) throw new Error('a page without a snapshot');
    keepPage(scan, turned, snapshot, null);
  }
  return scan;
}

function wordsOf(items: DrivenScan['pages'][number]['items']): string {
  return items.map(({ identity }) => identity.map((cell) => cell ?? 'NULL').join('/')).join(', ') || 'nothing';
}
