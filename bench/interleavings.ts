/**
 * How many interleavings a second one database takes: a keyset pager that holds, and one whose cursor loses microseconds.
 * `npx tsx bench/interleavings.ts [postgres|sqlite] [cases]`.
 */
import { pathToFileURL } from 'node:url';
import type { DialectName } from '../harness/core/migration.ts';
import { contradictedBy, openPagerLab } from '../tests/paging/pager-lab.ts';
import { openDialect } from '../tests/paging/support.ts';

const SCHEMAS: Readonly<Record<DialectName, string>> = {
  postgres: 'CREATE TABLE posts (id bigint PRIMARY KEY, created_at timestamptz NOT NULL, title text);',
  sqlite: 'CREATE TABLE posts (id INTEGER PRIMARY KEY, created_at TEXT NOT NULL, title TEXT);',
};
/** Cases before the clock starts: statements are prepared, code is compiled. */
const WARM_UP = 30;

export interface InterleavingsMeasured {
  readonly cases: number;
  readonly perSecond: number;
  /** Processor time of this process for one case, milliseconds: the server's comes on top. */
  readonly ownMs: number;
  /** Cases whose history contradicts a clause. */
  readonly contradicted: number;
}

/** Runs `cases` cases one after the other. */
export async function measureInterleavings(
  dialect: DialectName,
  cursor: 'text' | 'js-date',
  cases: number,
): Promise<InterleavingsMeasured> {
  await using opened = await openDialect(dialect);
  const pager = {
    id: 'posts',
    table: 'posts',
    key: 'created_at desc, id desc',
    cursor,
    movedRows: 'may-miss',
  } as const;
  await using lab = await openPagerLab(opened, { dialect, schema: SCHEMAS[dialect], pager });
  for (let index = 0; index < WARM_UP; index++) await lab.draw(2, index);
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  let contradicted = 0;
  for (let index = 0; index < cases; index++) {
    const run = await lab.draw(1, index);
    if (run.unusable === null && contradictedBy(run).size > 0) contradicted++;
  }
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    cases,
    perSecond: Math.round((cases / seconds) * 10) / 10,
    ownMs: Math.round((user + system) / cases / 10) / 100,
    contradicted,
  };
}

async function main([dialect = 'postgres', cases = '500']: readonly string[]): Promise<void> {
  if (dialect !== 'postgres' && dialect !== 'sqlite')
    throw new RangeError('usage: interleavings.ts [postgres|sqlite] [cases]');
  for (const cursor of ['text', 'js-date'] as const) {
    const measured = await measureInterleavings(dialect, cursor, Number(cases));
    process.stdout.write(`${dialect}, cursor ${cursor}: ${JSON.stringify(measured)}\n`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(process.argv.slice(2));
