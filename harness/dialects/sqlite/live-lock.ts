/**
 * One runner at a time on a file. SQLite's own lock on a file of ours beside the database: the operating system takes it back from
 * a process that dies, and it is in nobody's way but another runner's.
 */
import { statSync, unlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openConnection } from './native-objects.ts';
import type { Database as Connection } from 'better-sqlite3';
import { messageOf, PalindromeError } from '../../core/errors.ts';
import type { LockRequest } from '../../core/live.ts';

const ASK_AGAIN_MS = 100;

/** What holds the lock until it is released. */
export interface FileLock {
  release(): void;
}

/** Takes the lock of a database file. Throws `lock-timeout`, `interrupted`, or `lock-failed` where the file cannot be made. */
export async function awaitFileLock(database: string, request: LockRequest): Promise<FileLock> {
  const file = `${database}.palindrome-lock`;
  const deadline = performance.now() + request.timeoutMs;
  for (let hasTold = false; ; hasTold = true) {
    const connection = tryLock(file);
    if (connection !== null) return { release: () => release(file, connection) };
    if (!hasTold) request.onWait();
    if (request.signal.aborted)
      throw new PalindromeError('interrupted', 'Stopped while waiting for another runner.', { kind: 'environment' });
    if (performance.now() >= deadline)
      throw new PalindromeError(
        'lock-timeout',
        `Another runner has worked on ${database} for longer than ${Math.round(request.timeoutMs / 1000)} s.`,
        { kind: 'environment', hint: 'Wait for it to end, or give --lock-timeout.' },
      );
    await sleep(ASK_AGAIN_MS);
  }
}

function tryLock(file: string): Connection | null {
  let connection: Connection | null = null;
  try {
    connection = openConnection(file, { timeout: 0 });
    const before = statSync(file).ino;
    connection.exec('BEGIN EXCLUSIVE');
    // Its last owner may have removed the file between our opening and locking it: then others lock another one.
    if (inodeOf(file) === before) return connection;
    connection.close();
    return null;
  } catch (error) {
    connection?.close();
    const code = (error as { readonly code?: unknown }).code;
    if (code === 'SQLITE_BUSY' || code === 'ENOENT') return null;
    throw new PalindromeError('lock-failed', `The lock ${file} cannot be taken: ${messageOf(error)}`, {
      kind: 'environment',
      hint: 'This user must be able to make files beside the database.',
      cause: error,
    });
  }
}

/** The file goes before the lock does: whoever waits for it sees that it is another file. */
function release(file: string, connection: Connection): void {
  try {
    unlinkSync(file);
  } catch {
    // Somebody tidied up: the lock is what counts.
  }
  connection.close();
}

function inodeOf(file: string): number | null {
  try {
    return statSync(file).ino;
  } catch {
    return null;
  }
}
