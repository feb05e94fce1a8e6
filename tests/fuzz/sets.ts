/** Sets for campaigns, and folders that hold them. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fuzz, type FuzzOptions, type Report, type ReportResult } from '../../harness/cli/library.ts';

const USERS = {
  '0001_users.up.sql': 'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL, nick TEXT, bio TEXT);\n',
  '0001_users.down.sql': 'DROP TABLE users;\n',
};

/** Loses two columns on the way back. */
export const LOSSY = {
  ...USERS,
  '0002_drop.up.sql': 'ALTER TABLE users DROP COLUMN nick;\nALTER TABLE users DROP COLUMN bio;\n',
  '0002_drop.down.sql': 'ALTER TABLE users ADD COLUMN nick TEXT;\nALTER TABLE users ADD COLUMN bio TEXT;\n',
  '0003_index.up.sql': 'CREATE INDEX users_email ON users (email);\n',
  '0003_index.down.sql': 'DROP INDEX users_email;\n',
};

export const GOOD = {
  ...USERS,
  '0002_index.up.sql': 'CREATE INDEX users_email ON users (email);\n',
  '0002_index.down.sql': 'DROP INDEX users_email;\n',
};

/** A folder with a set in `m`. */
export async function makeSetFolder(
  files: Readonly<Record<string, string>>,
): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'palindrome-fuzz-'));
  await writeSet(folder, files);
  return { path: folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** Writes files of the set. */
export async function writeSet(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(path.join(folder, 'm'), { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, 'm', name), text);
}

/** Fuzzes the set of a folder on SQLite. */
export function fuzzIn(cwd: string, options: Partial<FuzzOptions> = {}): Promise<Report> {
  return fuzz({ paths: ['m'], cwd, dialect: 'sqlite', seed: 7, workers: 1, ...options });
}

/** Every falsified result with its migration. */
export function failuresOf({ sets }: Report): readonly (ReportResult & { readonly migration: string })[] {
  return sets.flatMap(({ migrations }) =>
    migrations.flatMap(({ name, results }) =>
      results.filter(({ verdict }) => verdict === 'falsified').map((result) => ({ ...result, migration: name })),
    ),
  );
}
