/** Counterexamples in any folder: a store, a CI run's artefact that was unpacked, several of them side by side. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { Counterexample } from '../core/counterexample.ts';
import { messageOf, PalindromeError } from '../core/errors.ts';
import { compareText } from '../core/text.ts';
import { requireFormat } from './format.ts';
import { readStored } from './open-store.ts';
import type { StoredExample } from './store.ts';

const NOT_OURS = new Set(['node_modules', '.git']);
const FORMAT = 'palindrome-counterexample/';

/**
 * Every counterexample at or below the folder, in order of their paths, each id once; a file of a folder `counterexamples` that is broken comes
 * with its fault. Other files are passed over. Throws `cases-not-found` where the folder cannot be read, and `store-newer` and `store-invalid`
 * as a store does.
 */
export async function findCases(folder: string, shownAs: string): Promise<readonly StoredExample[]> {
  await requireFolder(folder, shownAs);
  const files = await listJson(folder, shownAs);
  const found = new Map<string, StoredExample>();
  for (const file of files.toSorted(compareText)) {
    const path = join(folder, file);
    const shown = `${shownAs}/${file.replaceAll(sep, '/')}`;
    if (basename(file) === 'store.json') await requireFormat(dirname(path), shown.slice(0, -'/store.json'.length));
    const isExpected = basename(dirname(path)) === 'counterexamples';
    if (!isExpected && !(await saysItIsOne(path))) continue;
    const stored = await readStored(path, shown);
    if (stored !== null) found.set(stored.example?.id ?? shown, found.get(stored.example?.id ?? '') ?? stored);
  }
  return [...found.values()];
}

/** One of them, by id or by the unique beginning of an id. Throws `counterexample-not-found`, and `counterexample-invalid` where its file is broken. */
export function pickCase(
  stored: readonly StoredExample[],
  id: string,
  shownAs: string,
): { readonly example: Counterexample; readonly file: string } {
  const matches = stored.filter((each) => idOf(each).startsWith(id));
  const found = matches.find((each) => idOf(each) === id) ?? (matches.length === 1 ? matches[0] : undefined);
  if (found?.example != null) return { example: found.example, file: found.file };
  if (found !== undefined) throw new PalindromeError('counterexample-invalid', found.fault ?? found.file);
  const which = matches.length === 0 ? 'nothing starts with it' : `it could be ${matches.map(idOf).join(', ')}`;
  throw new PalindromeError('counterexample-not-found', `No counterexample "${id}" in ${shownAs}: ${which}.`, {
    hint: 'Give the id that a report prints.',
  });
}

function idOf({ example, file }: StoredExample): string {
  return example?.id ?? basename(file, '.json');
}

async function requireFolder(folder: string, shownAs: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory() === true) return;
  const isZip = /\.(?:zip|tgz|tar(?:\.\w+)?)$/iu.test(folder);
  throw new PalindromeError(
    'cases-not-found',
    found === null ? `There is no folder ${shownAs}.` : `${shownAs} is a file, not a folder.`,
    {
      hint: isZip
        ? `Unpack it, and give the folder: unzip ${shownAs} -d artefact`
        : 'Give the folder of a store, or the folder into which the artefact of a CI run was unpacked.',
    },
  );
}

/** Relative to the folder. */
async function listJson(folder: string, shownAs: string): Promise<readonly string[]> {
  const walk = async (at: string): Promise<readonly string[]> => {
    const entries = await readdir(at, { withFileTypes: true });
    const below = await Promise.all(
      entries.map(async (entry) => {
        if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : walk(join(at, entry.name));
        const isOurs = entry.isFile() && /^[^.].*\.json$/u.test(entry.name) && !entry.name.endsWith('.history.json');
        return isOurs ? [relative(folder, join(at, entry.name))] : [];
      }),
    );
    return below.flat();
  };
  try {
    return await walk(folder);
  } catch (cause) {
    throw new PalindromeError('cases-not-found', `Could not read ${shownAs}: ${messageOf(cause)}`, {
      hint: 'Check its permissions.',
      cause,
    });
  }
}

/** A file that lies anywhere is one of ours only where it says so. */
async function saysItIsOne(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => '');
  if (!text.includes(FORMAT)) return false;
  try {
    const { format } = JSON.parse(text) as { format?: unknown };
    return typeof format === 'string' && format.startsWith(FORMAT);
  } catch {
    return /^\s*\{\s*"format":\s*"palindrome-counterexample\//u.test(text);
  }
}
