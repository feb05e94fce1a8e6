/**
 * `history.jsonl`: a line for each run, appended in one write, so that several processes may share a store.
 */
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { HistoryEntry } from '../core/history.ts';
import { claimFolder, requireFormat } from './format.ts';
import { storeFault } from './write-whole.ts';

const NAME = 'history.jsonl';

const failure = z.object({
  set: z.string(),
  migration: z.string(),
  property: z.string(),
  clause: z.string(),
  object: z.string(),
});
const verdicts = z.object({ held: z.int(), falsified: z.int(), inconclusive: z.int(), inapplicable: z.int() });
const entry = z.object({
  format: z.literal('palindrome-run/1'),
  id: z.string(),
  at: z.string(),
  verb: z.string(),
  tool: z.string(),
  seed: z.int(),
  exitCode: z.int(),
  stoppedBecause: z.string(),
  durationMs: z.number(),
  sets: z.array(z.string()),
  only: z.string().nullable(),
  properties: z.array(z.string()).nullable(),
  migrations: z.int(),
  cases: z.int(),
  verdicts,
  accepted: z.int(),
  failures: z.array(failure),
  decided: z.array(z.string()),
});

/** Adds a run. Throws as `claimFolder`, and `store-write`. */
export async function appendHistory(folder: string, shownAs: string, run: HistoryEntry): Promise<void> {
  await claimFolder(folder, shownAs);
  try {
    await appendFile(join(folder, NAME), `${JSON.stringify(run)}\n`, { flush: true });
  } catch (error) {
    throw storeFault(`Could not write ${NAME} in ${folder}`, error);
  }
}

/** Every run that can be read, oldest first, and how many lines cannot: cut off by a full disk, or of a later version. */
export async function readHistory(
  folder: string,
  shownAs: string,
): Promise<{ readonly runs: readonly HistoryEntry[]; readonly unreadable: number }> {
  await requireFormat(folder, shownAs);
  const text = await readFile(join(folder, NAME), 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '');
  const runs = lines.flatMap((line) => parseEntry(line) ?? []);
  return { runs, unreadable: lines.length - runs.length };
}

/** A run from its line; null where it is cut off, or of a later version. */
export function parseEntry(line: string): HistoryEntry | null {
  try {
    const parsed = entry.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
