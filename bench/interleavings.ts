/**
 * How many interleavings a second are run and judged, side by side as campaigns do: of a keyset pager that holds, and of one whose cursor loses
 * microseconds. `npm run measure:interleavings -- [postgres|sqlite] [cases] [lanes]`.
 */
import { pathToFileURL } from 'node:url';
import { EMPTY_DATASET } from '../harness/core/dataset.ts';
import type { DialectName } from '../harness/core/migration.ts';
import type { ScenarioRun } from '../harness/scenarios/scenario.ts';
import { contradictedBy, openPagerLab, type PagerLab } from '../tests/paging/pager-lab.ts';
import { openDialect } from '../tests/paging/support.ts';

const SCHEMAS: Readonly<Record<DialectName, string>> = {
  postgres: 'CREATE TABLE posts (id bigint PRIMARY KEY, created_at timestamptz NOT NULL, title text);',
  sqlite: 'CREATE TABLE posts (id INTEGER PRIMARY KEY, created_at TEXT NOT NULL, title TEXT);',
};
/** Cases before the clock starts: statements are prepared, code is compiled. */
const WARM_UP = 30;

export interface InterleavingsMeasured {
  readonly cases: number;
  /** Databases in use at once. */
  readonly lanes: number;
  /** Steps of a case, on average. */
  readonly steps: number;
  readonly perSecond: number;
  /** Processor time of this process for one case, milliseconds: the server's comes on top. */
  readonly ownMs: number;
  /** Cases whose history contradicts a clause. */
  readonly contradicted: number;
}

/** Runs `cases` stepped cases, `lanes` at a time. */
export async function measureInterleavings(
  dialect: DialectName,
  cursor: 'text' | 'js-date',
  cases: number,
  lanes: number,
): Promise<InterleavingsMeasured> {
  await using opened = await openDialect(dialect);
  const pager = {
    id: 'posts',
    table: 'posts',
    key: 'created_at desc, id desc',
    cursor,
    movedRows: 'may-miss',
  } as const;
  const labs: PagerLab[] = [];
  const runCase: ((seed: number, index: number) => Promise<ScenarioRun>)[] = [];
  for (let lane = 0; lane < lanes; lane++) {
    const lab = await openPagerLab(opened, { dialect, schema: SCHEMAS[dialect], pager });
    labs.push(lab);
    const run = (seed: number, index: number): Promise<ScenarioRun> =>
      lab.again(EMPTY_DATASET, { kind: 'stepped', pager: pager.id, seed, index });
    for (let index = 0; index < WARM_UP; index++) await run(2, index);
    runCase.push(run);
  }
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  let contradicted = 0;
  let steps = 0;
  let next = 0;
  await Promise.all(
    runCase.map(async (run) => {
      while (next < cases) {
        const done = await run(1, next++);
        steps += stepsOf(done);
        if (done.unusable === null && contradictedBy(done).size > 0) contradicted++;
      }
    }),
  );
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - startedAt) / 1000;
  for (const lab of labs) await lab[Symbol.asyncDispose]();
  return {
    cases,
    lanes,
    steps: Math.round((steps / cases) * 10) / 10,
    perSecond: Math.round((cases / seconds) * 10) / 10,
    ownMs: Math.round((user + system) / cases / 10) / 100,
    contradicted,
  };
}

function stepsOf({ traces }: ScenarioRun): number {
  const evidence = traces[0]?.evidence ?? null;
  return evidence?.kind === 'paging' ? evidence.steps.length : 0;
}

async function main([dialect = 'postgres', cases = '500', lanes = '3']: readonly string[]): Promise<void> {
  if (dialect !== 'postgres' && dialect !== 'sqlite')
    throw new RangeError('usage: interleavings.ts [postgres|sqlite] [cases] [lanes]');
  for (const cursor of ['text', 'js-date'] as const) {
    const measured = await measureInterleavings(dialect, cursor, Number(cases), Number(lanes));
    process.stdout.write(`${dialect}, cursor ${cursor}: ${JSON.stringify(measured)}\n`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(process.argv.slice(2));
