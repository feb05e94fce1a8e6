import { z } from 'zod';
import { PalindromeError, messageOf, placeAt } from '../core/errors.ts';
import type { ReadRequest } from '../core/layout.ts';
import { readSource } from './source-file.ts';
import { listSome } from './versions.ts';

/** Where drizzle-kit before version 1 lists its migrations. */
export const JOURNAL = 'meta/_journal.json';

const JournalSchema = z.object({
  entries: z.array(z.object({ tag: z.string().min(1), when: z.number() })),
});

/**
 * The tags in the journal's order, which is the order in which drizzle runs them.
 * Throws `metadata-invalid` with a place, or `duplicate-version` for a tag that is listed twice.
 */
export async function readJournal(request: ReadRequest): Promise<{ names: string[]; notes: string[] }> {
  const { shownAs, text } = await readSource(request, JOURNAL);
  const invalid = (offset: number, message: string): PalindromeError =>
    new PalindromeError('metadata-invalid', `${shownAs} ${message}`, { place: placeAt(shownAs, text, offset) });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (thrown) {
    const position = /position (\d+)/.exec(messageOf(thrown))?.[1];
    throw invalid(position === undefined ? text.length : Number(position), `is not JSON: ${messageOf(thrown)}`);
  }
  const parsed = JournalSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(0, `is no drizzle journal: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  const { entries } = parsed.data;
  const names = entries.map(({ tag }) => tag);
  const seen = new Set<string>();
  const twice = names.find((name) => seen.size === seen.add(name).size);
  if (twice !== undefined) {
    throw new PalindromeError('duplicate-version', `${shownAs} lists ${twice} twice.`, {
      place: placeAt(shownAs, text, text.lastIndexOf(`"${twice}"`)),
      hint: 'Take one of the entries out.',
    });
  }
  return { names, notes: skippedNote(entries) };
}

/** The tool runs an entry only if its time is later than that of the last one in the database. */
function skippedNote(entries: readonly { readonly tag: string; readonly when: number }[]): string[] {
  let latest = -Infinity;
  const skipped: string[] = [];
  for (const { tag, when } of entries) {
    if (when <= latest) skipped.push(tag);
    latest = Math.max(latest, when);
  }
  return skipped.length === 0
    ? []
    : [
        `The journal's times do not rise, so that drizzle skips on a database that has the ones before, and runs on an empty one: ${listSome(skipped)}.`,
      ];
}
