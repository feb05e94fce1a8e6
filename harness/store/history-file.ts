/**
 * What a `palindrome-history/1` file must look like. Reading fails closed, as for counterexamples.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { messageOf, PalindromeError } from '../core/errors.ts';
import type { PagingHistory } from '../core/paging-history.ts';

const FORMAT = 'palindrome-history/1';

const row = z.array(z.string().nullable());
const id = z.string().regex(/^\d+$/, 'must be a transaction id: decimal digits');
const count = z.int().nonnegative();
const moved = z.enum(['forbid', 'at-least-once', 'may-miss']);
const era = z.enum(['steady', 'before-up', 'during-up', 'after-up', 'during-down', 'after-down']);

const page = z.strictObject({
  number: z.int().positive(),
  limit: z.int().positive(),
  snapshot: z.strictObject({ xmin: id, xmax: id, inProgress: z.array(id) }),
  cursorIn: z.string().nullable(),
  cursorOut: z.string().nullable(),
  items: z.array(z.strictObject({ identity: row, key: row, rank: count.nullable() })),
  step: count.nullable(),
  era,
});

const failure = z.strictObject({
  message: z.string(),
  fault: z.looseObject({ code: z.string() }).nullable(),
  isConcurrency: z.boolean(),
  isDeclaredRefusal: z.boolean(),
  era: era.optional(),
});

const history = z.strictObject({
  format: z.literal(FORMAT),
  dialect: z.enum(['postgres', 'sqlite']),
  engineVersion: z.string(),
  mode: z.enum(['stepped', 'overlapping', 'quiescent']),
  pager: z.strictObject({
    id: z.string(),
    table: z.string(),
    identity: z.array(z.string()),
    key: z.array(
      z.strictObject({
        column: z.string(),
        direction: z.enum(['asc', 'desc']),
        nulls: z.enum(['first', 'last']).nullable(),
      }),
    ),
    filter: z.string().nullable(),
    kind: z.enum(['scan', 'tail']),
    movedRows: moved,
  }),
  transactions: z.array(z.strictObject({ id, session: z.string(), outcome: z.enum(['committed', 'rolled-back']) })),
  versions: z.array(
    z.strictObject({
      identity: row,
      incarnation: z.int().positive(),
      key: row,
      rank: count,
      matches: z.boolean(),
      madeBy: id.nullable(),
      endedBy: id.nullable(),
      endedHow: z.enum(['update', 'delete']).nullable(),
    }),
  ),
  scans: z.array(
    z.strictObject({
      session: z.string(),
      isolation: z.enum(['read-committed', 'repeatable-read', 'serializable']),
      transactionPer: z.enum(['page', 'scan']),
      direction: z.enum(['forward', 'backward']),
      pages: z.array(page),
      ended: z.enum(['complete', 'cut', 'unfinished', 'failed']),
      failure: failure.nullable(),
    }),
  ),
  steps: z.array(
    z.strictObject({
      session: z.string(),
      text: z.string(),
      outcome: z.string(),
      blockedBy: z.string().nullable(),
      resumedAt: count.nullable(),
    }),
  ),
});

/**
 * The history in a file; null: it is a file of another kind, or there is none, which is for others to say. Throws `history-invalid`,
 * `history-newer`.
 */
export async function readHistory(file: string): Promise<PagingHistory | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return null;
  }
  return parseHistory(text, file);
}

/** The history in a text; null: it is something else. Throws `history-invalid`, `history-newer`. */
export function parseHistory(text: string, file: string): PagingHistory | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    if (!file.endsWith('.history.json') && !/"format":\s*"palindrome-history\//.test(text)) return null;
    throw new PalindromeError(
      'history-invalid',
      `${file} is not a whole JSON document: it may be truncated (${messageOf(cause)}).`,
      { hint: 'Take the file again from where it was recorded, or verify afresh.', cause },
    );
  }
  const format = (json as { format?: unknown } | null)?.format;
  if (typeof format !== 'string' || !format.startsWith('palindrome-history/')) return null;
  if (format !== FORMAT)
    throw new PalindromeError('history-newer', `${file} has the format ${format}, which this version does not know.`, {
      hint: 'Update palindrome to check it again.',
    });
  const parsed = history.safeParse(json);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.') || '(document)'}: ${issue.message}`);
    throw new PalindromeError('history-invalid', `${file} is not a history of pages:\n${problems.join('\n')}`, {
      hint: 'Take the file again from where it was recorded, or verify afresh.',
    });
  }
  return parsed.data as unknown as PagingHistory;
}
