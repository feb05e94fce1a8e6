/**
 * `judged.json`: the checksums with which each migration was last judged, so that a campaign begins with what is new or changed. It is a
 * hint about where to look first, never about what to skip; where it is lost or broken, everything is new.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { claimFolder } from './format.ts';
import { writeWhole } from './write-whole.ts';

const NAME = 'judged.json';
const judged = z.object({ format: z.literal('palindrome-judged/1'), migrations: z.record(z.string(), z.string()) });

/** Checksums by migration; the keys are the caller's. */
export async function readJudged(folder: string): Promise<ReadonlyMap<string, string>> {
  try {
    const parsed = judged.safeParse(JSON.parse(await readFile(join(folder, NAME), 'utf8')));
    return new Map(Object.entries(parsed.success ? parsed.data.migrations : {}));
  } catch {
    return new Map();
  }
}

/** Adds and replaces checksums. Throws as `claimFolder`, and `store-write`. */
export async function writeJudged(
  folder: string,
  shownAs: string,
  checksums: ReadonlyMap<string, string>,
): Promise<void> {
  await claimFolder(folder, shownAs);
  const migrations = Object.fromEntries(
    [...(await readJudged(folder)), ...checksums].toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
  await writeWhole(folder, NAME, `${JSON.stringify({ format: 'palindrome-judged/1', migrations }, null, 1)}\n`);
}
