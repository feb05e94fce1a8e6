/**
 * A lease names what a run may leave behind, and who owns it, before any of it exists. While the owner lives, a watchdog waits
 * on a pipe that closes when the owner is gone, however it went. What survives even that is swept by the next run.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PalindromeError } from '../core/errors.ts';
import { CLEANUP_SCRIPT } from './cleanup-script.ts';
import { identify } from './owner.ts';
import type { Owner } from './owner.ts';

/** What stands in a lease file, `<root>/<runId>.lease`. */
export interface LeaseTerms {
  readonly format: 'palindrome-lease/1';
  readonly runId: string;
  readonly owner: Owner;
  /** Removed together with every server process that works in them. */
  readonly folders: readonly string[];
  readonly container: ContainerName | null;
}

interface ContainerName {
  readonly name: string;
  /** Address of the engine, as in `DOCKER_HOST`; null: the client's own choice. */
  readonly engine: string | null;
}

/** A lease that this process holds. */
export interface Lease {
  readonly terms: LeaseTerms;
  /** Says that everything is removed. Call it once, after that; ends the watchdog. */
  release(): Promise<void>;
  /** Removes everything by force, as after a crash, and waits for it. Returns false where something could not be removed. */
  abandon(): Promise<boolean>;
  /** Hands everything over to another process: it is swept after that process has ended. Without one nobody will. */
  transfer(pid: number | null): Promise<void>;
}

/** Ten random lower-case letters and digits. */
export function makeRunId(): string {
  return BigInt(`0x${randomBytes(10).toString('hex')}`)
    .toString(36)
    .padStart(10, '0')
    .slice(-10);
}

/**
 * Starts the watchdog and writes the lease. Nothing that `folders` and `container` name may exist before. The watchdog is first: whoever is
 * killed between the two leaves no lease behind that nobody watches.
 */
export async function takeLease(
  root: string,
  runId: string,
  things: Pick<LeaseTerms, 'folders' | 'container'>,
): Promise<Lease> {
  const owner = await identify(process.pid);
  if (owner === null) throw new Error('This process cannot see itself in the process table.');
  const terms: LeaseTerms = { format: 'palindrome-lease/1', runId, owner, ...things };
  const file = leaseFile(root, runId);
  const watchdog = startCleanup(file, terms, 'when-owner-ends');
  try {
    await writeNewLease(file, terms);
  } catch (error) {
    await finishCleanup(watchdog, 'release\n');
    throw error;
  }
  return {
    terms,
    async release() {
      await rm(file, { force: true });
      await finishCleanup(watchdog, 'release\n');
    },
    async abandon() {
      return (await finishCleanup(watchdog, 'settled\n')) === 0;
    },
    async transfer(pid) {
      const heir = pid === null ? null : await identify(pid);
      if (heir === null) await rm(file, { force: true });
      else await writeFile(file, JSON.stringify({ ...terms, owner: heir }));
      await finishCleanup(watchdog, 'release\n');
    },
  };
}

/** Removes what a lease names, now. Returns false where something could not be removed; the lease then stays. */
export async function removeLeased(root: string, terms: LeaseTerms): Promise<boolean> {
  return (await finishCleanup(startCleanup(leaseFile(root, terms.runId), terms, 'now'), '')) === 0;
}

function leaseFile(root: string, runId: string): string {
  return join(root, `${runId}.lease`);
}

async function writeNewLease(file: string, terms: LeaseTerms): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(JSON.stringify(terms));
  } finally {
    await handle.close();
  }
}

function startCleanup(file: string, terms: LeaseTerms, when: 'now' | 'when-owner-ends'): ChildProcess {
  const { container } = terms;
  const child = spawn(
    'sh',
    [
      '-c',
      CLEANUP_SCRIPT,
      'palindrome-watchdog',
      file,
      container?.name ?? '-',
      container?.engine ?? '-',
      ...terms.folders,
    ],
    // A session of its own, so that Ctrl-C in the terminal does not reach it; the root folder, so that it holds no mount busy.
    { detached: true, cwd: '/', stdio: [when === 'now' ? 'ignore' : 'pipe', 'ignore', 'ignore'] },
  );
  child.unref();
  if (child.stdin !== null && 'unref' in child.stdin) (child.stdin as { unref(): void }).unref();
  child.stdin?.on('error', () => undefined);
  child.on('error', () => undefined);
  if (child.pid === undefined) {
    throw new PalindromeError(
      'no-shell',
      'The watchdog that cleans up after a crash needs a shell, and `sh` cannot be started.',
      {
        kind: 'environment',
        hint: 'Put `sh` on the PATH.',
      },
    );
  }
  return child;
}

async function finishCleanup(child: ChildProcess, lastWords: string): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  child.ref();
  const exit = once(child, 'exit');
  child.stdin?.end(lastWords);
  await exit;
  return child.exitCode;
}
