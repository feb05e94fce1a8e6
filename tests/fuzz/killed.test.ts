import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Report } from '../../harness/core/report.ts';
import { startCli, runCli } from '../cli/run-cli.ts';
import { failuresOf, fuzzIn, LOSSY, makeSetFolder } from './sets.ts';

const ARGS = ['fuzz', 'm', '--dialect', 'sqlite', '--seed', '7', '--workers', '1', '--property', 'rollback-restores'];
const JOURNALS = '.palindrome/fuzz';

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

it('should lose no failure to kill -9, and go on to what one uninterrupted campaign finds', async () => {
  await using folder = await makeSetFolder(LOSSY);
  const { child, finished } = startCli([...ARGS, '--cases', '160'], folder.path);
  while (child.exitCode === null && (await journalOf(folder.path)).filter(({ type }) => type === 'visited').length < 3)
    await sleep(50);
  child.kill('SIGKILL');
  expect((await finished).code).toBeNull();
  const before = await journalOf(folder.path);
  expect(before.some(({ type }) => type === 'visited')).toBe(true);

  const resumed = await runCli([...ARGS, '--resume', '--report', 'json'], folder.path);
  const report = JSON.parse(resumed.out) as Report;
  expect(report.fuzz).toMatchObject({ resumed: 1 });
  expect(report.run.stoppedBecause).toBe('the 160 cases were used up');
  await using other = await makeSetFolder(LOSSY);
  const whole = await fuzzIn(other.path, { cases: 160, property: ['rollback-restores'] });
  const tell = (from: Report) =>
    failuresOf(from).map(({ migration, clause, objects }) => ({ migration, clause, objects }));
  expect(tell(report)).toEqual(tell(whole));
  expect(tell(report)).toHaveLength(2);
  expect(await journalOf(folder.path)).toEqual([]);
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
