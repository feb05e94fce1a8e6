/**
 * The schema as a project declares it, as SQL. Drizzle's and Prisma's own tools do the translating: they are found in the project that
 * the file belongs to, from its folder upward, and run without a database and without a network. The folder imports the core alone.
 */
import { readFile } from 'node:fs/promises';
import { messageOf, PalindromeError } from '../core/errors.ts';
import type { DialectName } from '../core/migration.ts';
import type { ModelSource } from '../core/parity.ts';
import { readDrizzle } from './drizzle.ts';
import { readPrisma } from './prisma.ts';

export interface ModelFile {
  readonly source: ModelSource;
  /** Absolute. */
  readonly file: string;
  readonly shownAs: string;
  readonly dialect: DialectName;
}

/** The SQL that builds the model. Throws `model-unreadable`, or `model-tool-missing` with what to install. */
export async function readModel(model: ModelFile): Promise<string> {
  if (model.source === 'drizzle') return readDrizzle(model);
  if (model.source === 'prisma') return readPrisma(model);
  try {
    return await readFile(model.file, 'utf8');
  } catch (cause) {
    throw new PalindromeError('model-unreadable', `The model ${model.shownAs} cannot be read: ${messageOf(cause)}`, {
      cause,
    });
  }
}
