/**
 * The version of a store: `store.json`, written with the first file of a store. A store without it is one of version 1 that nothing but
 * counterexamples were written to.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, PalindromeError } from '../core/errors.ts';
import { sweepUnfinished } from './sweep-unfinished.ts';
import { writeWhole } from './write-whole.ts';

const NAME = 'store.json';
/** The folder of the store in which counterexamples are. */
export const EXAMPLES = 'counterexamples';
const FORMAT = 'palindrome-store/1';

/** Throws `store-newer` where a later version wrote the store, `store-invalid` where its `store.json` is none. A folder that is not there is fine. */
export async function requireFormat(folder: string, shownAs: string): Promise<'there' | 'absent'> {
  let text: string;
  try {
    text = await readFile(join(folder, NAME), 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'absent';
    throw new PalindromeError('store-invalid', `Could not read ${shownAs}/${NAME}: ${messageOf(cause)}`, {
      hint: 'Check its permissions, or give another folder with --store.',
      cause,
    });
  }
  const format = formatOf(text);
  if (format === FORMAT) return 'there';
  if (format !== null && format.startsWith('palindrome-store/'))
    throw new PalindromeError('store-newer', `${shownAs} has the format ${format}, which this version does not know.`, {
      hint: 'Update palindrome, or give another folder with --store. Nothing was written to it.',
    });
  throw new PalindromeError('store-invalid', `${shownAs}/${NAME} does not say that this is a store of palindrome.`, {
    hint: 'Bring the file back as it was, or give another folder with --store. Nothing was written to it.',
  });
}

/** Makes sure that a store may be written, and that it says what it is; takes away what killed runs left half written. Throws as `requireFormat`, and `store-write`. */
export async function claimFolder(folder: string, shownAs: string): Promise<void> {
  if ((await requireFormat(folder, shownAs)) === 'absent')
    await writeWhole(folder, NAME, `${JSON.stringify({ format: FORMAT })}\n`);
  await sweepUnfinished([folder, join(folder, EXAMPLES)]);
}

function formatOf(text: string): string | null {
  try {
    const { format } = JSON.parse(text) as { format?: unknown };
    return typeof format === 'string' ? format : null;
  } catch {
    return null;
  }
}
