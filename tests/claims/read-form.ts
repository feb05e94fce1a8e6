/** The migrations of one form of a set, as its layout reads them. */
import { join } from 'node:path';
import type { MigrationSet } from '../../harness/core/migration.ts';
import { readSet } from '../../harness/layouts/read-set.ts';
import type { Form } from './claim.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Reads a set that the repository holds. */
export async function readForm(set: string, form: Form): Promise<MigrationSet> {
  const shownAs = `migrations/reference/${set}/${form}`;
  return readSet({ folder: join(ROOT, shownAs), shownAs, layout: null, dialect: null });
}
