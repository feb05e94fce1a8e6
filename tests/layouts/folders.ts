import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PalindromeError } from '../../harness/core/errors.ts';
import type { DialectName, LayoutName, MigrationSet } from '../../harness/core/migration.ts';
import { readSet } from '../../harness/layouts/read-set.ts';

/** A folder of files in a temporary place, gone when disposed. */
export interface TestFolder extends AsyncDisposable {
  readonly path: string;
}

/** Contents by path; a path that ends with a slash is an empty folder. */
export async function makeFolder(files: Readonly<Record<string, string | Buffer>>): Promise<TestFolder> {
  const root = await mkdtemp(path.join(tmpdir(), 'palindrome-layouts-'));
  await chmod(root, 0o755);
  const folder = path.join(root, 'set');
  await mkdir(folder);
  for (const [name, content] of Object.entries(files)) {
    const full = path.join(folder, name);
    await mkdir(name.endsWith('/') ? full : path.dirname(full), { recursive: true });
    if (!name.endsWith('/')) await writeFile(full, content);
  }
  return { path: folder, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}

export interface ReadOptions {
  readonly layout?: LayoutName;
  readonly dialect?: DialectName | null;
  readonly shownAs?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Reads files as a set; PostgreSQL unless told. */
export async function read(
  files: Readonly<Record<string, string | Buffer>>,
  options: ReadOptions = {},
): Promise<MigrationSet> {
  await using folder = await makeFolder(files);
  return await readFolder(folder.path, options);
}

/** Reads a folder as a set, shown as `db/set` unless told. */
export function readFolder(folder: string, options: ReadOptions = {}): Promise<MigrationSet> {
  return readSet({
    folder,
    shownAs: options.shownAs ?? 'db/set',
    layout: options.layout ?? null,
    dialect: options.dialect === undefined ? 'postgres' : options.dialect,
    environment: options.environment,
  });
}

/** The error of a promise that must not succeed. */
export async function faultOf(promise: Promise<unknown>): Promise<PalindromeError> {
  try {
    await promise;
  } catch (thrown) {
    if (thrown instanceof PalindromeError) return thrown;
    throw thrown;
  }
  throw new Error('It should have been refused.');
}

/** What a set says, without texts and hashes: short enough to compare by eye. */
export function outline(set: MigrationSet): unknown {
  return {
    layout: set.layout,
    keepsLedger: set.keepsLedger,
    sqliteForeignKeys: set.sqliteForeignKeys,
    migrations: set.migrations.map(({ id, name, up, down }) => ({
      id,
      name,
      up: script(up),
      down: down && script(down),
    })),
    notes: set.notes,
  };
}

function script({ file, transaction, chunks }: MigrationSet['migrations'][number]['up']): unknown[] {
  return [file, transaction, ...chunks.map(({ text }) => text)];
}
