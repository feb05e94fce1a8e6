/**
 * Backups through SQLite's own backup API: right also with a write-ahead log beside the file and readers at work, which a copy of the file is not.
 *
 * While a backup is made and compared, a transaction keeps other writers out, so that both can be compared to the last value. It gets its name only
 * after it was found to be whole and the same; older ones expire only after that, and after the run it was made for went well.
 */
import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openConnection } from './native-objects.ts';
import { messageOf, PalindromeError } from '../../core/errors.ts';
import type { BackupPolicy, BackupReport } from '../../core/live.ts';
import {
  backupName,
  checkIntegrity,
  checksumFile,
  findExpired,
  hashFile,
  listBackups,
  readQuietly,
  removeBackup,
} from './backup-files.ts';
import { readContent } from './content.ts';
import type { Content } from './content.ts';

const PAGES_PER_STEP = 2_000;
const BUSY_MS = 30_000;

/** Makes a checked backup of a database file. Throws `backup-failed`, with no half backup left. */
export async function backUp(
  database: string,
  shownAs: string,
  folder: string,
  signal: AbortSignal,
): Promise<BackupReport> {
  const file = path.join(folder, backupName(database, new Date()));
  const partial = `${file}.partial`;
  try {
    mkdirSync(folder, { recursive: true });
    const content = await copyChecked(database, partial, signal);
    const sha256 = await hashFile(partial);
    syncFile(partial);
    await writeFile(checksumFile(file), `${sha256}  ${path.basename(file)}\n`);
    await rename(partial, file);
    const { size } = await stat(file);
    return { file, bytes: size, sha256, ...content };
  } catch (error) {
    await removeBackup(partial).catch(() => undefined);
    await removeBackup(file).catch(() => undefined);
    if (error instanceof PalindromeError) throw error;
    throw new PalindromeError('backup-failed', `The backup of ${shownAs} failed: ${messageOf(error)}`, {
      kind: 'environment',
      hint: `Nothing was migrated, and no older backup was removed. Look at the space and the rights of ${folder}.`,
      cause: error,
    });
  }
}

async function copyChecked(
  database: string,
  copy: string,
  signal: AbortSignal,
): Promise<{ readonly tables: number; readonly rows: number }> {
  // SQLite backs nothing up through a connection that has a transaction to write open: one connection keeps writers out, another one reads.
  const guard = openConnection(database, { fileMustExist: true, timeout: BUSY_MS });
  const source = openConnection(database, { readonly: true, fileMustExist: true, timeout: BUSY_MS });
  try {
    guard.exec('BEGIN IMMEDIATE');
    const { totalPages } = await source.backup(copy, {
      progress: () => {
        if (signal.aborted) throw new Error('it was stopped');
        return PAGES_PER_STEP;
      },
    });
    if (totalPages === 0) throw new Error('the database is locked, or has no page yet');
    const damage = checkIntegrity(copy);
    if (damage !== null) throw new Error(`the copy fails its integrity check: ${damage}`);
    const original = readContent(source);
    const copied = readFileContent(copy);
    if (copied.digest !== original.digest)
      throw new Error(
        `the copy holds ${describe(copied)} with digest ${copied.digest}, the database ${describe(original)} with digest ${original.digest}`,
      );
    return { tables: original.tables, rows: original.rows };
  } finally {
    source.close();
    if (guard.inTransaction) guard.exec('ROLLBACK');
    guard.close();
  }
}

/** The content of a file. */
export function readFileContent(file: string): Content {
  return readQuietly(file, readContent);
}

function describe({ tables, rows }: Content): string {
  return `${rows} rows in ${tables} tables`;
}

/** Removes what has expired, but never `keep`: for after a run that went well. Returns what was removed. */
export async function expireBackups(database: string, policy: BackupPolicy, keep: string): Promise<readonly string[]> {
  const backups = await listBackups(policy.folder, database);
  const expired = findExpired(backups, policy, Date.now()).filter(({ file }) => file !== keep);
  for (const { file } of expired) await removeBackup(file);
  return expired.map(({ file }) => file);
}

/** Waits until a file is on its disk. */
export function syncFile(file: string): void {
  const descriptor = openSync(file, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
