import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { verify, type Report, type VerifyOptions } from '../../harness/cli/library.ts';
import { compareRuns } from '../../harness/campaign/compare-runs.ts';
import type { FailureName, HistoryEntry } from '../../harness/core/history.ts';
import { readHistory } from '../../harness/store/history.ts';
import { LOSSY, makeSetFolder, writeSet } from '../fuzz/sets.ts';

function verifyIn(cwd: string, options: Partial<VerifyOptions> = {}): Promise<Report> {
  return verify({
    paths: ['m'],
    cwd,
    dialect: 'sqlite',
    seed: 7,
    workers: 1,
    cases: 8,
    property: ['rollback-restores'],
    only: '000[12]*',
    ...options,
  });
}

it('should tell known failures from new ones and from fixed ones, and let new ones alone fail', async () => {
  await using folder = await makeSetFolder(LOSSY);
  const first = await verifyIn(folder.path);
  expect(first.run.exitCode).toBe(1);
  expect(first.comparison).toBeUndefined();
  const second = await verifyIn(folder.path, { failOn: 'new' });
  expect(second.comparison?.failures.map(({ status }) => status)).toEqual(
    second.comparison?.failures.map(() => 'known'),
  );
  expect([0, 4]).toContain(second.run.exitCode);
  await writeSet(folder.path, {
    '0002_drop.up.sql': 'ALTER TABLE users RENAME COLUMN nick TO name;\n',
    '0002_drop.down.sql': 'ALTER TABLE users RENAME COLUMN name TO nick;\n',
  });
  const third = await verifyIn(folder.path);
  expect(third.comparison?.failures).toEqual([]);
  expect(third.comparison?.fixed.length).toBeGreaterThan(0);
  const { runs } = await readHistory(path.join(folder.path, '.palindrome'), '.palindrome');
  expect(runs.map(({ verb, exitCode }) => [verb, exitCode])).toEqual(
    [first, second, third].map(({ run }) => [run.verb, run.exitCode]),
  );
});

it('should compare with the report of a base branch, and refuse one that is cut off', async () => {
  await using folder = await makeSetFolder(LOSSY);
  const report = await verifyIn(folder.path);
  const base = path.join(folder.path, 'base.json');
  await mkdir(folder.path, { recursive: true });
  await writeFile(base, JSON.stringify({ ...report, sets: [] }));
  const compared = await verifyIn(folder.path, { base: 'base.json', failOn: 'new' });
  expect(compared.comparison?.with).toBe('base.json');
  expect(compared.run.exitCode).toBe(1);
  expect(compared.comparison?.failures.every(({ status }) => status === 'new')).toBe(true);
  await writeFile(base, JSON.stringify(report));
  expect([0, 4]).toContain((await verifyIn(folder.path, { base: 'base.json', failOn: 'new' })).run.exitCode);
  await writeFile(base, (await readFile(base, 'utf8')).slice(0, 40));
  await expect(verifyIn(folder.path, { base: 'base.json' })).rejects.toMatchObject({ code: 'base-invalid' });
  await expect(verifyIn(folder.path, { base: 'none.json' })).rejects.toMatchObject({ code: 'base-unreadable' });
});

it('should call a failure rare where only some of the last runs had it', () => {
  const name: FailureName = { set: 'm', migration: 'a', property: 'applies', clause: 'rejects', object: 'o' };
  const decided = [JSON.stringify(['m', 'a', 'applies'])];
  const runs = [[name], [], [], [name], []].map((failures) => ({ failures, decided }) as unknown as HistoryEntry);
  const migrations = [
    { name: 'a', results: [{ property: 'applies', clause: 'rejects', verdict: 'falsified', objects: ['o'] }] },
  ];
  const report = { sets: [{ path: 'm', migrations }] } as unknown as Report;
  const { failures } = compareRuns(report, { name: 'the last run', failures: [], isLastRun: true }, runs, 'any');
  expect(failures).toEqual([{ ...name, status: 'rare', failedRuns: 2, ofRuns: 5 }]);
});
