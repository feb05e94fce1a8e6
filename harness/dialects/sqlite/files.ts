/**
 * Database files that no connection has open.
 */
import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';

/** Removes a database file with the files that SQLite keeps beside it. */
export function removeDatabaseFile(file: string): void {
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
}

const COPIED = ['', '-wal'] as const;

/** Copies a database file with its log while somebody has them open, as a person does who copies them in the middle of a migration. */
export function copyOpenFiles(file: string): void {
  for (const suffix of COPIED)
    if (existsSync(`${file}${suffix}`)) copyFileSync(`${file}${suffix}`, `${file}-copied${suffix}`);
}

/** Puts what `copyOpenFiles` made into the place of the files, which nobody has open now. */
export function goOnWithCopy(file: string): void {
  removeDatabaseFile(file);
  for (const suffix of COPIED)
    if (existsSync(`${file}-copied${suffix}`)) renameSync(`${file}-copied${suffix}`, `${file}${suffix}`);
}

/** Copies a database file that no connection has open. */
export function copyDatabaseFile(from: string, to: string): void {
  removeDatabaseFile(to);
  copyFileSync(from, to);
}
