/**
 * What a counterexample file must look like. Replay fails closed: a file that is truncated, edited out of shape or of a newer format is refused.
 */
import { z } from 'zod';
import { type Counterexample, idOf } from '../core/counterexample.ts';
import { PalindromeError } from '../core/errors.ts';
import { LAYOUT_NAMES } from '../core/migration.ts';
import { PROPERTY_IDS } from '../core/property.ts';

const cell = z.string().nullable();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const tableRows = z
  .object({ table: z.string(), columns: z.array(z.string()), rows: z.array(z.array(cell)) })
  .refine(({ columns, rows }) => rows.every((row) => row.length === columns.length), 'every row has one cell a column');

const finding = z.looseObject({
  clause: z.string(),
  message: z.string(),
  object: z.string(),
  catalogChanges: z.array(z.looseObject({})),
  tableDifferences: z.array(z.looseObject({})),
});

const counterexample = z.strictObject({
  format: z.literal('palindrome-counterexample/1'),
  id: z.string(),
  tool: z.object({ version: z.string() }),
  set: z.object({
    name: z.string(),
    path: z.string(),
    layout: z.enum(LAYOUT_NAMES),
    dialect: z.enum(['postgres', 'sqlite']),
  }),
  migration: z.object({ id: z.string(), name: z.string(), upSha256: sha256, downSha256: sha256.nullable() }),
  before: z.array(sha256),
  schemaFingerprint: sha256,
  engine: z.object({ version: z.string(), provider: z.string() }),
  scenario: z.string(),
  parameters: z.json().optional(),
  property: z.enum(PROPERTY_IDS),
  clause: z.string(),
  seed: z.int(),
  caseIndex: z.int().nonnegative(),
  shrinks: z.int().nonnegative(),
  dataset: z.object({ tables: z.array(tableRows) }),
  finding,
  anyValue: z
    .array(z.object({ table: z.string(), row: z.int().nonnegative(), columns: z.array(z.string()) }))
    .optional(),
  interleaving: z.array(z.string()).optional(),
  explanation: z
    .object({
      sentences: z.array(z.string()),
      brokenBy: z.object({ direction: z.enum(['up', 'down']), statement: z.looseObject({ file: z.string() }) }),
      excerpt: z.object({
        file: z.string(),
        firstLine: z.int(),
        lines: z.array(z.string()),
        from: z.int(),
        to: z.int(),
      }),
    })
    .optional(),
});

/** Reads a counterexample from text. Throws `PalindromeError` (`counterexample-invalid`, `counterexample-newer`, `counterexample-edited`). */
export function parseCounterexample(text: string, file: string): Counterexample {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new PalindromeError('counterexample-invalid', `${file} is not a whole JSON document: it may be truncated.`, {
      cause: error,
    });
  }
  const format = (json as { format?: unknown } | null)?.format;
  if (typeof format === 'string' && /^palindrome-counterexample\/(?!1$)/.test(format)) {
    throw new PalindromeError(
      'counterexample-newer',
      `${file} has the format ${format}, which this version does not know.`,
      {
        hint: 'Update palindrome to replay it.',
      },
    );
  }
  const parsed = counterexample.safeParse(json);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.') || '(document)'}: ${issue.message}`);
    throw new PalindromeError('counterexample-invalid', `${file} is not a counterexample:\n${problems.join('\n')}`);
  }
  const example = parsed.data as unknown as Counterexample;
  if (idOf(example) !== example.id)
    throw new PalindromeError(
      'counterexample-edited',
      `${file} was changed after it was written: its id ${example.id} no longer belongs to what it holds.`,
      {
        hint: 'Bring the file back as it was. To try other rows, edit the .repro.sql beside it and run that.',
      },
    );
  return example;
}
