/**
 * Where throwaway servers live on this machine: run folders in memory where there is some, caches on disk.
 * The only file of the providers that reads the environment.
 */
import { constants } from 'node:fs';
import { access, chmod, lstat, mkdir, stat, statfs } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PalindromeError, messageOf } from '../core/errors.ts';

const TMPFS_MAGIC = 0x01021994;
const ENOUGH_MEMORY_BYTES = 1024 ** 3;
/** A Unix socket's path holds 107 bytes on Linux and 103 on macOS; `/<runId>/.s.PGSQL.5432` takes 26 of them. */
const LONGEST_ROOT_BYTES = 103 - 26;

/** Whether this process is the superuser, whose servers must run under another account. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Every folder that may hold runs of this user, whether it exists or not. What `sweep` looks through. */
export function possibleRoots(): readonly string[] {
  const user = String(process.getuid?.() ?? 'user');
  const bases = new Set(['/dev/shm', tmpdir(), '/tmp']);
  return [...bases].map((base) => join(base, `palindrome-${user}`));
}

/**
 * The folder for new runs, made where it is missing: in memory where a tmpfs has at least 1 GiB free, else among the temporary files.
 * It belongs to this user alone; throws `PalindromeError` code `unsafe-folder` where somebody else got there first.
 */
export async function openRoot(): Promise<string> {
  for (const root of possibleRoots()) {
    const base = dirname(root);
    const isUsable = base === '/dev/shm' ? await hasRoomInMemory(base) : await isUsableFolder(base, root);
    if (isUsable) return openOwnFolder(root);
  }
  throw new PalindromeError(
    'no-temporary-folder',
    `No temporary folder can be written to (tried ${tmpdir()} and /tmp).`,
    {
      kind: 'environment',
      hint: 'Set TMPDIR to a folder with a short path that you may write to.',
    },
  );
}

/**
 * The folder for what is worth keeping between runs: fetched PostgreSQL versions and freshly initialised data folders.
 * Throws `PalindromeError` code `cache-not-writable`.
 */
export async function openCache(): Promise<string> {
  const folder = await cacheFolder();
  try {
    await mkdir(folder, { recursive: true, mode: 0o755 });
    return folder;
  } catch (error) {
    throw new PalindromeError('cache-not-writable', `The cache folder ${folder} cannot be made: ${messageOf(error)}`, {
      kind: 'environment',
      hint: 'Set XDG_CACHE_HOME to a folder that you may write to.',
      cause: error,
    });
  }
}

/**
 * Where `openCache` keeps things, whether it exists or not: `$XDG_CACHE_HOME/palindrome`, `~/.cache/palindrome`,
 * or for root `/var/cache/palindrome`, unless the account that its servers run under may enter `$XDG_CACHE_HOME`.
 */
export async function cacheFolder(): Promise<string> {
  const base = process.env['XDG_CACHE_HOME'] ?? '';
  if (isRoot()) {
    const isUsable = base !== '' && (await isOpenToAll(base).catch(() => false));
    return join(isUsable ? base : '/var/cache', 'palindrome');
  }
  if (base !== '') return join(base, 'palindrome');
  return join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache', 'palindrome');
}

/** Whether every folder above `path` lets any account through, and `path` itself lets any account read it. */
export async function isOpenToAll(path: string): Promise<boolean> {
  const leaf = await stat(path);
  if ((leaf.mode & 0o005) !== 0o005) return false;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { mode } = await stat(folder);
    if ((mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

async function hasRoomInMemory(folder: string): Promise<boolean> {
  try {
    const { type, bavail, bsize } = await statfs(folder);
    await access(folder, constants.W_OK | constants.X_OK);
    return type === TMPFS_MAGIC && bavail * bsize >= ENOUGH_MEMORY_BYTES;
  } catch {
    return false;
  }
}

async function isUsableFolder(base: string, root: string): Promise<boolean> {
  try {
    await access(base, constants.W_OK | constants.X_OK);
    return Buffer.byteLength(root) <= LONGEST_ROOT_BYTES && (!isRoot() || (await isOpenToAll(base)));
  } catch {
    return false;
  }
}

async function openOwnFolder(folder: string): Promise<string> {
  // The server account of a root run must pass through, but has no business listing.
  const mode = isRoot() ? 0o711 : 0o700;
  await mkdir(folder, { recursive: true, mode });
  const found = await lstat(folder);
  if (!found.isDirectory() || (process.getuid !== undefined && found.uid !== process.getuid())) {
    throw new PalindromeError('unsafe-folder', `${folder} exists and belongs to somebody else.`, {
      kind: 'environment',
      hint: `Remove ${folder}, or set TMPDIR to a folder of your own.`,
    });
  }
  if ((found.mode & 0o777) !== mode) await chmod(folder, mode);
  return folder;
}
