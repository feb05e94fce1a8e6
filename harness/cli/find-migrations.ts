import { stat } from 'node:fs/promises';
import path from 'node:path';
import { PalindromeError } from '../core/errors.ts';

/** Where projects keep their migrations, likeliest first. */
const USUAL = [
  'migrations',
  'db/migrations',
  'database/migrations',
  'prisma/migrations',
  'drizzle',
  'sql/migrations',
  'src/migrations',
];

/** The first usual folder of migrations below `cwd` that exists, relative to it. Throws `no-migrations`. */
export async function findMigrationFolder(cwd: string): Promise<string> {
  for (const candidate of USUAL) if (await isFolder(path.join(cwd, candidate))) return candidate;
  throw new PalindromeError('no-migrations', `No folder of migrations was given, and none of the usual ones is here.`, {
    hint: `Usual are ${USUAL.join(', ')}. Name yours: palindrome init path/to/migrations`,
  });
}

async function isFolder(folder: string): Promise<boolean> {
  try {
    return (await stat(folder)).isDirectory();
  } catch {
    return false;
  }
}
