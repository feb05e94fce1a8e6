/** `kill -9` of a campaign, and two campaigns on one store. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Report } from '../../harness/core/report.ts';
import { startCli } from '../cli/run-cli.ts';
import { failuresOf, fuzzIn, LOSSY, makeSetFolder } from './sets.ts';

const ARGS = ['fuzz', 'm', '--dialect', 'sqlite', '--seed', '7', '--workers', '1', '--property', 'rollback-restores'];
const JOURNALS = '.palindrome/fuzz';
const CASES = 160;

/** Lines of the one journal that are whole; empty while there is none. */
async function journalOf(folder: string): Promise<readonly { readonly type: string }[]> {
  const names = await readdir(path.join(folder, JOURNALS)).catch(() => []);
  const name = names.find((each) => each.endsWith('.jsonl'));
  if (name === undefined) return [];
  const text = await readFile(path.join(folder, JOURNALS, name), 'utf8');
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as { type: string }];
    } catch {
      return [];
    }
  });
}

/** What a campaign found, with how small it became. */
function tell(report: Report) {
  return failuresOf(report).map(({ migration, clause, objects, counterexample }) => ({
    migration,
    clause,
    objects,
    rows: counterexample?.rows,
  }));
}

it('should lose nothing that was found to kill -9, whenever it comes, and go on to what an uninterrupted campaign finds', async () => {
  await using folder = await makeSetFolder(LOSSY);
  /** Goes on until the journal has so many lines more, and a moment after that is killed. False: it came to its end before. */
  const killAfter = async (args: readonly string[], lines: number): Promise<boolean> => {
    const before = (await journalOf(folder.path)).length;
    const { child, finished } = startCli(args, folder.path);
    while (child.exitCode === null && (await journalOf(folder.path)).length < before + lines) await sleep(10);
    await sleep(Math.random() * 150);
    child.kill('SIGKILL');
    return (await finished).code === null;
  };
  // In the first look: a failure is found by then, and nothing is reduced before everything was looked at.
  expect(await killAfter([...ARGS, '--cases', String(CASES)], 4)).toBe(true);
  const killed = await journalOf(folder.path);
  expect(killed.some(({ type }) => type === 'visited')).toBe(true);
  const isKilledAgain = await killAfter([...ARGS, '--resume'], 1 + Math.floor(Math.random() * 6));
  const later = await journalOf(folder.path);
  expect(!isKilledAgain || later.length > killed.length).toBe(true);

  const { finished } = startCli([...ARGS, '--resume', '--report', 'json'], folder.path);
  const resumed = await finished;
  const report = JSON.parse(resumed.out) as Report;
  expect(report.fuzz).toMatchObject({ resumed: 1 });
  expect(report.fuzz?.cases).toBeGreaterThanOrEqual(CASES);
  expect(report.run.stoppedBecause).toBe(`the ${CASES} cases were used up`);
  await using other = await makeSetFolder(LOSSY);
  const whole = await fuzzIn(other.path, { cases: CASES, property: ['rollback-restores'] });
  expect(tell(report)).toEqual(tell(whole));
  expect(tell(report)).toHaveLength(2);
  expect(tell(report).map(({ rows }) => rows)).toEqual([1, 1]);
  expect(await journalOf(folder.path)).toEqual([]);
  const stored = await readdir(path.join(folder.path, '.palindrome/counterexamples'));
  for (const { counterexample } of failuresOf(report)) expect(stored).toContain(`${counterexample?.id}.json`);
});

it('should let two campaigns use one store at once, and keep what each found', async () => {
  await using folder = await makeSetFolder(LOSSY);
  const run = (seed: number) => fuzzIn(folder.path, { cases: 60, seed, property: ['rollback-restores'] });
  const both = await Promise.all([run(7), run(8)]);
  const stored = await readdir(path.join(folder.path, '.palindrome/counterexamples'));
  for (const report of both) {
    expect(failuresOf(report)).toHaveLength(2);
    for (const { counterexample } of failuresOf(report)) expect(stored).toContain(`${counterexample?.id}.json`);
  }
  const history = await readFile(path.join(folder.path, '.palindrome/history.jsonl'), 'utf8');
  expect(history.trim().split('\n')).toHaveLength(2);
});
