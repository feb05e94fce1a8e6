/**
 * The `palindrome-baseline/1` file: the failures of an old set that are known. It is sorted, one failure a block, so that what is added
 * or fixed is one hunk of a diff. Reading fails closed: a file that is not what this version would write is refused with all its faults.
 */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { isDay, type KnownFailure } from '../core/acceptance.ts';
import { messageOf, PalindromeError } from '../core/errors.ts';
import { PROPERTY_IDS } from '../core/property.ts';
import { compareText } from '../core/text.ts';

const FORMAT = 'palindrome-baseline/1';
const AGAIN = 'Take back the last change of the file, or remove it and run `palindrome baseline` again.';

const text = z.string().min(1);
const failure = z.strictObject({
  set: text,
  migration: text,
  property: z.enum(PROPERTY_IDS),
  clause: text,
  object: z.string(),
  reason: text,
  counterexample: text,
  recorded: z.string().refine(isDay, 'must be a day as YYYY-MM-DD'),
  tool: text,
});
const baseline = z.strictObject({ format: z.literal(FORMAT), failures: z.array(failure) });

/** The failures of a file; null: there is none. Throws `baseline-invalid`, `baseline-newer`, `baseline-unreadable`. `shownAs` is for people. */
export async function readBaseline(file: string, shownAs: string): Promise<readonly KnownFailure[] | null> {
  let content: string;
  try {
    content = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new PalindromeError('baseline-unreadable', `Could not read ${shownAs}: ${messageOf(cause)}`, { cause });
  }
  return parseBaseline(content, shownAs);
}

/** Reads a baseline from text. Throws `baseline-invalid`, `baseline-newer`. */
function parseBaseline(content: string, shownAs: string): readonly KnownFailure[] {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (cause) {
    throw new PalindromeError('baseline-invalid', `${shownAs} is not a whole JSON document: it may be truncated.`, {
      hint: AGAIN,
      cause,
    });
  }
  const format = (json as { format?: unknown } | null)?.format;
  if (typeof format === 'string' && /^palindrome-baseline\/(?!1$)/.test(format))
    throw new PalindromeError(
      'baseline-newer',
      `${shownAs} has the format ${format}, which this version does not know.`,
      { hint: 'Update palindrome to use it.' },
    );
  const parsed = baseline.safeParse(json);
  const faults = parsed.success
    ? findDisorder(parsed.data.failures)
    : parsed.error.issues.map((issue) => `${issue.path.join('.') || '(document)'}: ${issue.message}`);
  if (!parsed.success || faults.length > 0)
    throw new PalindromeError(
      'baseline-invalid',
      `${shownAs} is not a baseline as palindrome writes it:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
      { hint: AGAIN },
    );
  return parsed.data.failures;
}

/** Writes a baseline whole. Throws `baseline-not-written`. */
export async function writeBaseline(file: string, shownAs: string, failures: readonly KnownFailure[]): Promise<void> {
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}.tmp`);
  try {
    await writeFile(temporary, renderBaseline(failures));
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new PalindromeError('baseline-not-written', `Could not write ${shownAs}: ${messageOf(cause)}`, {
      kind: 'environment',
      hint: 'Check that the folder is there and has space, or give another file with --baseline.',
      cause,
    });
  }
}

/** The text of a baseline, in its order. */
function renderBaseline(failures: readonly KnownFailure[]): string {
  const sorted = failures
    .toSorted((a, b) => compareText(keyOf(a), keyOf(b)))
    .map(({ set, migration, property, clause, object, reason, counterexample, recorded, tool }) => ({
      set,
      migration,
      property,
      clause,
      object,
      reason,
      counterexample,
      recorded,
      tool,
    }));
  return `${JSON.stringify({ format: FORMAT, failures: sorted }, null, 2)}\n`;
}

/** What makes two entries the same failure. Its order is the order of the file. */
function keyOf({
  set,
  migration,
  property,
  clause,
  object,
}: Pick<KnownFailure, 'set' | 'migration' | 'property' | 'clause' | 'object'>): string {
  return [set, migration, property, clause, object].join('\u0000');
}

function findDisorder(failures: readonly KnownFailure[]): readonly string[] {
  return failures.flatMap((entry, at) => {
    const before = failures[at - 1];
    const order = before === undefined ? -1 : compareText(keyOf(before), keyOf(entry));
    if (order < 0) return [];
    return [`failures.${at}: ${order === 0 ? 'stands there twice' : 'is out of order'} (${entry.migration})`];
  });
}
