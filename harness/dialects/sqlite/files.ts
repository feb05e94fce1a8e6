/**
 * Database files that no connection has open.
 */
import { copyFileSync, rmSync } from 'node:fs';

/** Removes a database file with the files that SQLite keeps beside it. */
export function removeDatabaseFile(file: string): void {
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
}

/** Copies a database file that no connection has open. */
export function copyDatabaseFile(from: string, to: string): void {
  removeDatabaseFile(to);
  copyFileSync(from, to);
}
