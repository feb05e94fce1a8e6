/** A stored history is judged again by `palindrome replay`, without a database. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PagingHistory } from '../../harness/core/paging-history.ts';
import { parseHistory } from '../../harness/store/history-file.ts';
import { runCli, type Finished } from '../cli/run-cli.ts';
import { HISTORY_CASES } from './history-cases.ts';

const [skipped] = HISTORY_CASES;
if (skipped === undefined) throw new Error('there is no history');
const { bad, good } = skipped;

describe('palindrome replay of a history', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'palindrome-history-'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  async function replay(text: string): Promise<Finished> {
    const file = join(folder, 'x.history.json');
    await writeFile(file, text);
    return runCli(['replay', file, '--no-color'], folder);
  }

  it('should say of each clause what it finds, draw the steps, and exit with 1 where one is contradicted', async () => {
    const { code, out } = await replay(JSON.stringify(bad));
    expect(code).toBe(1);
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      "row 3 was visible at every page from 1 to 2 of r's scan and was returned by none",
    );
    expect(out).toMatch(/^ {2}✓ ordered/m);
    expect(out).toMatch(/^ {2}– quiescent +not asked of this history/m);
    expect(out).toContain('sees all below 2 but 1');
    expect(out).toContain('still fails');
  });

  it('should exit with 0 where no clause is contradicted', async () => {
    const { code, out } = await replay(JSON.stringify(good));
    expect(code, out).toBe(0);
    expect(out).toContain('fixed');
  });

  it('should exit with 3 where the history contradicts itself', async () => {
    const twice: PagingHistory = { ...good, versions: [...good.versions, ...good.versions] };
    const { code, out } = await replay(JSON.stringify(twice));
    expect(code).toBe(3);
    expect(out).toContain('has two versions that nothing ended');
  });

  it.each([
    ['truncated', JSON.stringify(bad).slice(0, 300), 'x.history.json is not a whole JSON document'],
    [
      'of a newer format',
      JSON.stringify({ ...bad, format: 'palindrome-history/2' }),
      'has the format palindrome-history/2',
    ],
    ['out of shape', JSON.stringify({ ...bad, scans: [{}], extra: 1 }), 'scans.0.session'],
  ])('should refuse one that is %s', async (_name, text, said) => {
    const { code, err } = await replay(text);
    expect(code).toBe(2);
    expect(err).toContain(said);
  });
});

it('should read back every history as it was written, and leave other files to others', () => {
  for (const { bad: one, good: other } of HISTORY_CASES)
    for (const history of [one, other]) expect(parseHistory(JSON.stringify(history), 'f')).toEqual(history);
  expect(parseHistory('{"format":"palindrome-counterexample/1"}', 'f')).toBeNull();
  expect(parseHistory('{', 'f.json')).toBeNull();
});
