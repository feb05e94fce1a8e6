/**
 * What is wrong with the input itself, as opposed to what a migration does: told at once, with the place.
 */
import { PalindromeError } from '../core/errors.ts';
import type { Migration } from '../core/migration.ts';
import { findColumn, findTable, splitName } from '../core/schema-lookup.ts';
import type { SchemaModel } from '../core/schema.ts';
import type { ScriptOutcome } from '../core/trace.ts';
import type { PlannedSet } from './plan.ts';
import { splitScript } from '../core/split-script.ts';

/**
 * Throws `PalindromeError` (`sql-syntax`) with the place, before any server is started: without an up, nothing after it can be reached.
 * A down that does not parse fails where it runs, which is a verdict on its migration and on no other.
 */
export async function refuseWhatDoesNotParse({ set, dialect }: PlannedSet): Promise<void> {
  for (const { up, down } of set.migrations) {
    await splitScript(up, dialect);
    if (down === null) continue;
    await splitScript(down, dialect).catch((error: unknown) => {
      if (!(error instanceof PalindromeError) || error.code !== 'sql-syntax') throw error;
    });
  }
}

/**
 * A script that is no SQL, and a first migration that cannot run, are mistakes in the input: nothing can be verified.
 * Other failures on the state without generated rows are data.
 */
export function refuseBadInput(migration: Migration, outcome: ScriptOutcome, isFirst: boolean): void {
  if (outcome.status === 'completed') return;
  const { file, text } = migration.up;
  const line = outcome.at?.line ?? 1;
  const lineText = text.split('\n')[line - 1]?.replace(/\r$/, '') ?? '';
  const place = { file, line, column: outcome.at?.column ?? 1, lineText };
  const why = outcome.status === 'failed' ? outcome.fault.message : `it did not finish within ${outcome.limitMs} ms`;
  if (outcome.status === 'failed' && outcome.fault.class === 'syntax') {
    throw new PalindromeError('sql-syntax', `${migration.name} does not parse: ${why}`, { place });
  }
  if (!isFirst) return;
  throw new PalindromeError(
    'first-migration-fails',
    `The first migration, ${migration.name}, fails on an empty database: ${why}`,
    {
      place,
      hint: 'Nothing can be verified before it runs. If it needs objects that your deployment creates first, put them into a migration before it.',
    },
  );
}

/** Throws `PalindromeError` (`declaration-invalid`): a declaration about nothing permits nothing, and nobody would notice. */
export function requireDeclaredNames({ name, declarations, up }: Migration, model: SchemaModel): void {
  const columns = [...declarations.lossy, ...declarations.maps].map(({ column }) => column);
  const losses = new Set(declarations.lossy.map(({ column }) => column));
  const unknown = [
    ...columns.filter(
      (column) => findColumn(model, column) === undefined && !(losses.has(column) && isNamedBy(up.text, column)),
    ),
    ...declarations.rowChanges
      .map(({ table }) => table)
      .filter((table) => table !== '*' && findTable(model, table) === undefined),
  ];
  const [first] = unknown;
  if (first === undefined) return;
  throw new PalindromeError(
    'declaration-invalid',
    `A declaration of ${name} names ${first}, which is not there before it.`,
    {
      hint: 'Write table.column, or schema.table.column where the name is not unique.',
    },
  );
}

/** Whether an up names a table or column that it makes itself: what is written to it later may be declared lost. */
function isNamedBy(text: string, column: string): boolean {
  return splitName(column).every((part) => part === '*' || text.toLowerCase().includes(part.toLowerCase()));
}
