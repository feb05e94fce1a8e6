/**
 * Makes the data folder of a new server: a copy of one that was initialised earlier, or a fresh one that is then kept for copying.
 */
import { execFile, spawn } from 'node:child_process';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { PalindromeError } from '../core/errors.ts';
import { sha256 } from '../core/hash.ts';
import type { ServerAccount } from './account.ts';
import type { Binaries } from './binaries.ts';
import { SUPERUSER, initFlags } from './settings.ts';
import type { PostgresMajor } from './settings.ts';

const run = promisify(execFile);
const INIT_LIMIT_MS = 60_000;

export interface DataFolderRequest {
  readonly binaries: Binaries;
  readonly major: PostgresMajor;
  readonly account: ServerAccount;
  /** The new data folder; its parent exists and belongs to the account. */
  readonly target: string;
  /** A folder of the cache that does not exist, for unfinished work. The cache itself may be missing or closed. */
  readonly partial: string;
}

/**
 * Makes `target`, owned by the account. Returns the kept folder that it copied, null for a fresh one.
 * Throws `PalindromeError` code `initdb-failed` with what initdb said.
 */
export async function makeDataFolder(request: DataFolderRequest): Promise<string | null> {
  const { account, binaries, major, partial, target } = request;
  const key = sha256(JSON.stringify([binaries.version, initFlags(major), account?.uid ?? process.getuid?.()])).slice(
    0,
    12,
  );
  const kept = join(dirname(partial), 'data', `${binaries.version}-${key}`);
  if (await isComplete(kept)) {
    try {
      await copyTree(kept, target);
      return kept;
    } catch {
      // Removed or damaged under our hands: a fresh one works as well.
      await rm(target, { recursive: true, force: true });
    }
  }
  await initialise(request);
  await keep(target, kept, partial);
  return null;
}

async function initialise({ account, binaries, major, target }: DataFolderRequest): Promise<void> {
  const flags = ['--pgdata', target, '--username', SUPERUSER, '--auth', 'trust', ...initFlags(major)];
  const child = spawn(binaries.initdb, flags, {
    cwd: dirname(target),
    // A session of its own, like the server's: only the watchdog may kill it, which looks first at what has to be removed.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: INIT_LIMIT_MS,
    killSignal: 'SIGKILL',
    ...account,
  });
  let failure = '';
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const code = await new Promise<number | null>((resolve) => {
    child.once('close', resolve);
    child.once('error', (error) => {
      failure = error.message;
      resolve(null);
    });
  });
  if (code === 0) return;
  const reason = failure || /^.*(?:FATAL|PANIC|error):.*$/m.exec(said)?.[0] || said.trim() || 'it was killed';
  throw new PalindromeError(
    'initdb-failed',
    `PostgreSQL ${binaries.version} could not make a data folder in ${dirname(target)}: ${reason}`,
    {
      kind: 'environment',
      hint: 'Free some space there, or set TMPDIR to a folder with a few hundred megabytes; or use --provider container.',
    },
  );
}

/** Only an optimisation: whatever goes wrong here is not told, and the next run tries again. */
async function keep(target: string, kept: string, partial: string): Promise<void> {
  try {
    await mkdir(dirname(kept), { recursive: true });
    await copyTree(target, partial);
    await rename(partial, kept);
  } catch {
    // Most likely a run beside this one kept the same folder first.
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function isComplete(folder: string): Promise<boolean> {
  return stat(join(folder, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
}

/** `cp` keeps owners and modes and is several times faster than copying file by file from JavaScript. */
async function copyTree(from: string, to: string): Promise<void> {
  await run('cp', ['-a', from, to]);
}
