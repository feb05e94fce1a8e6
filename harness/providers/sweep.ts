/**
 * Removes what runs left behind whose owner is gone and whose watchdog went with it.
 */
import { readFile, readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { compareText } from '../core/text.ts';
import { removeLeased } from './lease.ts';
import type { LeaseTerms } from './lease.ts';
import { judgeOwner } from './owner.ts';
import { possibleRoots } from './places.ts';

/** A lease is written in one go; one that cannot be read after this long was cut short by a crash. */
const UNREADABLE_AFTER_MS = 60_000;

/** What a sweep found, by run id. */
export interface SweepResult {
  readonly removed: readonly string[];
  /** Runs of living owners, and of owners that cannot be seen from here. */
  readonly spared: readonly string[];
  /** Runs without an owner that could not be removed completely; the next sweep tries again. */
  readonly stuck: readonly string[];
}

/** Sweeps every place where this user's runs may be, or the given ones. Never throws; safe beside other sweeps. */
export async function sweep(roots: readonly string[] = possibleRoots()): Promise<SweepResult> {
  const result = { removed: [] as string[], spared: [] as string[], stuck: [] as string[] };
  for (const root of roots) {
    const names = await readdir(root).catch(() => []);
    for (const name of names.filter((entry) => entry.endsWith('.lease')).toSorted(compareText)) {
      const fate = await sweepLease(root, name);
      if (fate !== 'gone') result[fate].push(basename(name, '.lease'));
    }
  }
  return result;
}

async function sweepLease(root: string, name: string): Promise<'removed' | 'spared' | 'stuck' | 'gone'> {
  const file = join(root, name);
  try {
    const terms = parseLease(await readFile(file, 'utf8'));
    if (terms === null) {
      if (Date.now() - (await stat(file)).mtimeMs < UNREADABLE_AFTER_MS) return 'spared';
      await rm(file, { force: true });
      return 'removed';
    }
    if ((await judgeOwner(terms.owner)) !== 'dead') return 'spared';
    return (await removeLeased(root, terms)) ? 'removed' : 'stuck';
  } catch {
    // Another sweep was faster, or the file is not ours to read.
    return 'gone';
  }
}

/** Null where the text is not a whole lease. Folders must be absolute: they are going to be removed. */
function parseLease(text: string): LeaseTerms | null {
  try {
    const terms = JSON.parse(text) as LeaseTerms;
    const isWhole =
      terms.format === 'palindrome-lease/1' &&
      typeof terms.runId === 'string' &&
      typeof terms.owner.pid === 'number' &&
      terms.folders.every((folder) => folder.startsWith('/') && folder.includes(terms.runId));
    return isWhole ? terms : null;
  } catch {
    return null;
  }
}
