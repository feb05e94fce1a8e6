import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mergeReports, type ShardReport } from '../../harness/campaign/merge-reports.ts';
import { verify } from '../../harness/cli/library.ts';
import { readShard, type Shard } from '../../harness/core/shard.ts';
import type { Report } from '../../harness/core/report.ts';

const ROOT = join(import.meta.dirname, '../..');
const PATHS = [
  'migrations/reference/risk-daemon/as-documented',
  'migrations/faults/rollback-restores/nullable-column-comes-back-empty-sqlite/bad',
  'migrations/faults/rollback-restores/down-needs-an-empty-table-sqlite/bad',
];
const SHARDS = 3;

describe('shards of a run', () => {
  let store: string;
  let whole: Report;
  let parts: readonly ShardReport[];

  beforeAll(async () => {
    store = await mkdtemp(join(tmpdir(), 'palindrome-shards-'));
    whole = await run(null);
    const reports: ShardReport[] = [];
    for (let number = 1; number <= SHARDS; number++)
      reports.push({ shownAs: `${number}.json`, report: await run({ number, of: SHARDS }) });
    parts = reports;
  }, 300_000);

  afterAll(async () => {
    await rm(store, { recursive: true, force: true });
  });

  async function run(shard: Shard | null): Promise<Report> {
    // Each on a machine of its own: what one stores, no other finds.
    await rm(store, { recursive: true, force: true });
    return verify({ paths: PATHS, cwd: ROOT, cases: 3, seed: 11, store, ...(shard === null ? {} : { shard }) });
  }

  it('should be disjoint and cover every migration', () => {
    const names = ({ sets }: Report): readonly string[] =>
      sets.flatMap(({ path, migrations }) => migrations.map(({ name }) => `${path}/${name}`));
    const dealt = parts.flatMap(({ report }) => names(report));
    expect(new Set(dealt).size).toBe(dealt.length);
    expect(dealt.toSorted()).toEqual([...names(whole)].toSorted());
    for (const { report } of parts) expect(names(report).length).toBeGreaterThan(0);
  });

  it('should come to the report of one run when they are joined, durations aside', () => {
    expect(whole.run.exitCode).toBe(1);
    expect(withoutTimes(mergeReports(parts))).toEqual(withoutTimes(whole));
    expect(withoutTimes(mergeReports(parts.toReversed()))).toEqual(withoutTimes(whole));
  });

  it('should say in each report that it is a part', () => {
    expect(parts.map(({ report }) => report.run.shard)).toEqual(['1/3', '2/3', '3/3']);
    for (const { report } of parts) expect(report.limits.join('\n')).toContain('only shard');
  });

  it('should not be joined where one is missing, comes twice, or is of another run', () => {
    const [first, second, third] = parts;
    if (first === undefined || second === undefined || third === undefined) throw new Error('there are three');
    expect(() => mergeReports([first, third])).toThrow('The report of shard 2/3 was not given.');
    expect(() => mergeReports([first, second, third, second])).toThrow('are both shard 2/3');
    const other = { ...third, report: { ...third.report, run: { ...third.report.run, seed: 12 } } };
    expect(() => mergeReports([first, second, other])).toThrow('their seed is 11 and 12');
    expect(() => mergeReports([{ shownAs: 'whole.json', report: whole }])).toThrow('not of a shard');
  });
});

describe('reading a shard', () => {
  it.each(['0/2', '3/2', '1', '1/', '1/0', '-1/2', '1.5/2'])('should refuse %s', (text) => {
    expect(readShard(text)).toBeNull();
  });

  it('should take the last of several', () => {
    expect(readShard('3/3')).toEqual({ number: 3, of: 3 });
  });
});

function withoutTimes(report: Report): unknown {
  const text = JSON.stringify({ ...report, limits: report.limits.toSorted() }, (key, value: unknown) =>
    key === 'durationMs' ? 0 : value,
  );
  return JSON.parse(text);
}
