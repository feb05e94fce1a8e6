/**
 * Backups on disk: their names, which expire, and whether one is whole.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Database as Connection } from 'better-sqlite3';
import { messageOf } from '../../core/errors.ts';
import { compareText } from '../../core/text.ts';
import { tidySideFiles } from './live-open.ts';
import { openConnection } from './native-objects.ts';

const DAY_MS = 86_400_000;
const STAMP = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/;

export interface BackupFile {
  /** Absolute. */
  readonly file: string;
  readonly madeMs: number;
}

/** The name of a backup made at a time: `state.db.20260131T120000123Z.backup`. Names sort by time. */
export function backupName(database: string, at: Date): string {
  return `${path.basename(database)}.${at.toISOString().replaceAll(/[-:.]/g, '')}.backup`;
}

/** The backups of a database in a folder, the youngest first; other files are left alone. */
export async function listBackups(folder: string, database: string): Promise<readonly BackupFile[]> {
  const prefix = `${path.basename(database)}.`;
  const names = await readdir(folder).catch(() => []);
  return names
    .flatMap((name) => {
      if (!name.startsWith(prefix) || !name.endsWith('.backup')) return [];
      const madeMs = parseStamp(name.slice(prefix.length, -'.backup'.length));
      return madeMs === null ? [] : [{ file: path.join(folder, name), madeMs }];
    })
    .toSorted((a, b) => b.madeMs - a.madeMs || compareText(b.file, a.file));
}

function parseStamp(text: string): number | null {
  const parts = STAMP.exec(text);
  if (parts === null) return null;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', ms = ''] = parts;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
  return Number.isNaN(at) ? null : at;
}

/** Which backups a policy lets go. `backups` as `listBackups` gives them; the youngest always stays. */
export function findExpired(
  backups: readonly BackupFile[],
  policy: { readonly retentionDays: number; readonly maxBackups: number },
  nowMs: number,
): readonly BackupFile[] {
  const oldest = nowMs - policy.retentionDays * DAY_MS;
  return backups.filter(({ madeMs }, at) => at > 0 && (at >= policy.maxBackups || madeMs < oldest));
}

/** Where the checksum of a backup stands, as `sha256sum -c` reads it. */
export function checksumFile(backup: string): string {
  return `${backup}.sha256`;
}

/** SHA-256 of a file, hex. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Why a backup cannot be used; null: its checksum is right where one was kept, and SQLite finds nothing wrong in it. */
export async function findDamage(backup: string): Promise<string | null> {
  try {
    if ((await stat(backup)).size === 0) return 'it is empty';
    const kept = checksumFile(backup);
    if (existsSync(kept)) {
      const recorded = readFileSync(kept, 'utf8').slice(0, 64);
      const actual = await hashFile(backup);
      if (recorded !== actual) return `its SHA-256 is ${actual}, and was ${recorded} when it was made`;
    }
    return checkIntegrity(backup);
  } catch (error) {
    return messageOf(error);
  }
}

/** What `PRAGMA integrity_check` says of a file; null: ok. Throws what SQLite throws. */
export function checkIntegrity(file: string): string | null {
  return readQuietly(file, (connection) => {
    const found = connection.pragma('integrity_check(20)') as readonly { readonly integrity_check: string }[];
    const texts = found.map(({ integrity_check: text }) => text);
    return texts.length === 1 && texts[0] === 'ok' ? null : texts.join('; ');
  });
}

/** Reads a file through a connection that cannot write, and leaves nothing beside it that was not there before. */
export function readQuietly<T>(file: string, read: (connection: Connection) => T): T {
  const hadLog = existsSync(`${file}-wal`);
  const connection = openConnection(file, { readonly: true, fileMustExist: true });
  try {
    return read(connection);
  } finally {
    connection.close();
    if (!hadLog) tidySideFiles(file);
  }
}

/** Removes a backup with everything beside it. */
export async function removeBackup(file: string): Promise<void> {
  for (const suffix of ['', '.sha256', '-wal', '-shm', '-journal']) await rm(`${file}${suffix}`, { force: true });
}
