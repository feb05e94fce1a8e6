/**
 * Putting a backup in a database's place. The backup is checked and copied beside the database first; then the database steps aside with the files
 * that belong to it, and the copy takes its name in one rename. At every moment the name holds the old database, nothing, or the whole new one:
 * never a database with another one's log.
 */
import { existsSync } from 'node:fs';
import { copyFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, PalindromeError } from '../../core/errors.ts';
import type { LockRequest } from '../../core/live.ts';
import { checkIntegrity, checksumFile, findDamage, listBackups } from './backup-files.ts';
import { readFileContent, syncFile } from './backup.ts';
import { awaitFileLock } from './live-lock.ts';
import { openConnection } from './native-objects.ts';

const SIDE_FILES = ['-wal', '-shm', '-journal'];

export interface RestoreRequest {
  /** Absolute; need not exist. */
  readonly database: string;
  readonly shownAs: string;
  /** Where its backups are. */
  readonly folder: string;
  /** Absolute path of the backup; null: the youngest that is whole. */
  readonly from: string | null;
  /** Check the backup, and change nothing. */
  readonly isDryRun: boolean;
  readonly lock: LockRequest;
  /** Asked once, before anything is changed. False: nothing is done. */
  readonly confirm: (backup: string) => Promise<boolean>;
}

export interface RestoreReport {
  readonly backup: string;
  /** Whether the backup had a checksum from when it was made. */
  readonly hasChecksum: boolean;
  /** Where the database that was there is now; null: there was none, or nothing was done. */
  readonly setAside: string | null;
  readonly isDone: boolean;
  readonly tables: number;
  readonly rows: number;
  /** Younger backups that were passed over, and why. */
  readonly notes: readonly string[];
}

/**
 * Restores a backup. Throws `backup-missing`, `backup-damaged` (usage, with nothing changed), `database-busy` where another process uses the
 * database, and `restore-failed` (environment).
 */
export async function restoreBackup(request: RestoreRequest): Promise<RestoreReport> {
  const { database, shownAs, lock } = request;
  const { backup, notes } = await chooseBackup(request);
  const content = readFileContent(backup);
  const report = {
    backup,
    hasChecksum: existsSync(checksumFile(backup)),
    tables: content.tables,
    rows: content.rows,
    notes,
  };
  if (request.isDryRun || !(await request.confirm(backup))) return { ...report, setAside: null, isDone: false };
  const held = await awaitFileLock(database, lock);
  const incoming = `${database}.restoring`;
  try {
    refuseWhileUsed(database, shownAs);
    await rm(incoming, { force: true });
    await copyFile(backup, incoming);
    syncFile(incoming);
    // Before the swap, while the copy is nobody else's: a backup with a log of its own is more than its file, and is noticed here.
    verify(incoming, 'the copy of the backup', content.digest);
    const setAside = await stepAside(database);
    await rename(incoming, database);
    verify(database, 'the restored database', content.digest);
    return { ...report, setAside, isDone: true };
  } catch (error) {
    await rm(incoming, { force: true }).catch(() => undefined);
    if (error instanceof PalindromeError) throw error;
    throw new PalindromeError('restore-failed', `${shownAs} could not be restored: ${messageOf(error)}`, {
      kind: 'environment',
      hint: `The backup is untouched: ${backup}. What was at ${shownAs} is there, or beside it under a name with .before-restore.`,
      cause: error,
    });
  } finally {
    held.release();
  }
}

async function chooseBackup({
  database,
  shownAs,
  folder,
  from,
}: RestoreRequest): Promise<{ readonly backup: string; readonly notes: readonly string[] }> {
  if (from !== null) {
    if (!existsSync(from)) throw missing(`There is no backup at ${from}.`, folder);
    const damage = await findDamage(from);
    if (damage !== null) throw damaged([`${from}: ${damage}`]);
    return { backup: from, notes: [] };
  }
  const notes: string[] = [];
  for (const { file } of await listBackups(folder, database)) {
    const damage = await findDamage(file);
    if (damage === null) return { backup: file, notes };
    notes.push(`${path.basename(file)} is damaged and was passed over: ${damage}`);
  }
  throw notes.length === 0 ? missing(`There is no backup of ${shownAs} in ${folder}.`, folder) : damaged(notes);
}

function missing(message: string, folder: string): PalindromeError {
  return new PalindromeError('backup-missing', message, {
    hint: `Name a backup with --from. Backups are looked for in ${folder} (runner.backup.directory in the configuration).`,
  });
}

function damaged(what: readonly string[]): PalindromeError {
  return new PalindromeError('backup-damaged', `No backup is whole:\n${what.map((line) => `  ${line}`).join('\n')}`, {
    hint: 'Nothing was changed. Name another backup with --from.',
  });
}

/**
 * Whoever has the database open would go on writing to the one that stepped aside. Taking every lock that SQLite has also folds a log into the
 * database, where it can be read at all: a damaged one steps aside as it is.
 */
function refuseWhileUsed(database: string, shownAs: string): void {
  if (!existsSync(database)) return;
  try {
    const connection = openConnection(database, { timeout: 2_000 });
    try {
      connection.pragma('locking_mode = EXCLUSIVE');
      connection.exec('BEGIN EXCLUSIVE; ROLLBACK');
    } finally {
      connection.close();
    }
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (typeof code !== 'string' || !/^SQLITE_(BUSY|LOCKED)/.test(code)) return;
    throw new PalindromeError('database-busy', `Another process uses ${shownAs}.`, {
      kind: 'environment',
      hint: 'Stop it first: what it writes while the backup takes its place would be lost.',
    });
  }
}

/** Database first: without it the other files mean nothing, while a database without its log could be read as something that it never was. */
async function stepAside(database: string): Promise<string | null> {
  const stamp = new Date().toISOString().replaceAll(/[-:.]/g, '');
  const aside = `${database}.before-restore.${stamp}`;
  const isThere = existsSync(database);
  if (isThere) await rename(database, aside);
  for (const suffix of SIDE_FILES) {
    if (existsSync(`${database}${suffix}`)) await rename(`${database}${suffix}`, `${aside}${suffix}`);
  }
  return isThere ? aside : null;
}

function verify(file: string, what: string, digest: string): void {
  const damage = checkIntegrity(file);
  if (damage !== null) throw new Error(`${what} fails its integrity check: ${damage}`);
  const read = readFileContent(file);
  if (read.digest !== digest) throw new Error(`${what} has digest ${read.digest}, the backup ${digest}`);
}
