/**
 * Listing a folder tree within bounds, so that pointing at the root of a large repository stays quick.
 */
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { compareText } from '../core/text.ts';
import { pathFault } from './path-fault.ts';

/** Folders that never hold a person's migrations. */
const SKIPPED = new Set(['node_modules', 'vendor', 'target', 'dist', 'build', 'coverage', '__pycache__', 'venv']);

/** Entries after which the search ends: 10,000 migrations in folders of their own are 30,000 entries. */
const MAX_ENTRIES = 200_000;

export interface Listing {
  /** Paths below the folder with forward slashes, ordered by code unit. */
  readonly files: readonly string[];
  /** Folders below that could not be read, as shown. */
  readonly unreadable: readonly string[];
}

/**
 * All files at most `depth` levels of folders below `folder` (0: its own files). Symbolic links are followed once; names that begin
 * with a dot are left out. Throws `PalindromeError` if the folder itself cannot be read.
 */
export async function listFiles(folder: string, shownAs: string, depth: number): Promise<Listing> {
  const files: string[] = [];
  const unreadable: string[] = [];
  const visited = new Set([await realpath(folder).catch(() => folder)]);
  let seen = 0;
  let level = [''];
  for (let at = 0; at <= depth && level.length > 0; at++) {
    const next: string[] = [];
    for (const below of level) {
      const entries = await readEntries(folder, below, shownAs, unreadable);
      for (const entry of entries) {
        if (entry.name.startsWith('.') || ++seen > MAX_ENTRIES) continue;
        const relative = below === '' ? entry.name : `${below}/${entry.name}`;
        const kind = await kindOf(entry, path.join(folder, relative), visited);
        if (kind === 'file') files.push(relative);
        else if (kind === 'folder' && !SKIPPED.has(entry.name)) next.push(relative);
      }
    }
    level = next;
  }
  return { files: files.toSorted(compareText), unreadable };
}

async function readEntries(folder: string, below: string, shownAs: string, unreadable: string[]): Promise<Dirent[]> {
  try {
    return await readdir(path.join(folder, below), { withFileTypes: true });
  } catch (thrown) {
    if (below === '') throw pathFault(thrown, shownAs, 'set');
    unreadable.push(`${shownAs}/${below}`);
    return [];
  }
}

/** A link that leads nowhere counts as a file: reading it then names it. A folder that was already listed is passed over. */
async function kindOf(entry: Dirent, full: string, visited: Set<string>): Promise<'file' | 'folder' | 'other'> {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  if (!entry.isSymbolicLink()) return 'other';
  const target = await stat(full).catch(() => null);
  if (target === null || target.isFile()) return 'file';
  if (!target.isDirectory()) return 'other';
  const real = await realpath(full);
  if (visited.has(real)) return 'other';
  visited.add(real);
  return 'folder';
}
