/**
 * Database files of the user's own, before and after they are open.
 */
import { existsSync, readSync, openSync, closeSync, statSync } from 'node:fs';
import path from 'node:path';
import { openConnection } from './native-objects.ts';
import { messageOf, PalindromeError } from '../../core/errors.ts';

const MAGIC = 'SQLite format 3\0';

/**
 * Whether the file has yet to be made. Throws `database-unreachable` where it is missing and must not be made, and `database-unreadable`
 * where it is something else than a SQLite database.
 */
export function openChecked(file: string, shownAs: string, create: boolean): boolean {
  if (!existsSync(file)) {
    if (create && existsSync(path.dirname(file))) return true;
    throw new PalindromeError('database-unreachable', `There is no file ${shownAs}.`, {
      kind: 'environment',
      hint: 'Correct the path, make the database with --create, or wait for it with --wait.',
    });
  }
  const head = readHead(file, shownAs);
  if (head === '' || head === MAGIC) return false;
  throw new PalindromeError('database-unreadable', `${shownAs} is not a SQLite database.`, {
    hint: 'Correct the path. An encrypted database cannot be read.',
  });
}

function readHead(file: string, shownAs: string): string {
  try {
    if (!statSync(file).isFile()) throw new Error('it is not a file');
    const descriptor = openSync(file, 'r');
    try {
      const head = Buffer.alloc(MAGIC.length);
      return head.toString('latin1', 0, readSync(descriptor, head, 0, head.length, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw new PalindromeError('database-unreadable', `${shownAs} cannot be read: ${messageOf(error)}`, {
      hint: 'Give the path of a database file that this user may read.',
    });
  }
}

/**
 * Reading a database in WAL mode leaves an empty log beside it, which a reader may not remove. SQLite removes it when the last connection
 * that may write is closed; with nothing in the log that changes nothing else. Never throws.
 */
export function tidySideFiles(file: string): void {
  try {
    if (statSync(`${file}-wal`).size !== 0) return;
    const connection = openConnection(file, { fileMustExist: true, timeout: 0 });
    connection.prepare('SELECT 1 FROM sqlite_schema').all();
    connection.close();
  } catch {
    // Somebody else uses it, or there is nothing to tidy.
  }
}
