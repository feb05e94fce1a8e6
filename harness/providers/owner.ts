/**
 * Who owns a throwaway server: a process, named so that a later process of the same number is not taken for it.
 */
import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';

/** A process among all that ever ran on this machine. */
export interface Owner {
  readonly pid: number;
  /** When it started, in the units of the operating system; only equality means something. */
  readonly startedAt: string;
  readonly host: string;
  /** Changes with every boot; empty where the operating system does not tell. */
  readonly boot: string;
  /** Processes of another namespace (a container) have numbers of their own. */
  readonly namespace: string;
}

/** `unknown`: the process lives in a place that cannot be seen from here. */
export type OwnerState = 'alive' | 'dead' | 'unknown';

/** Names a running process; null where there is none of that number. */
export async function identify(pid: number): Promise<Owner | null> {
  const startedAt = await readStart(pid);
  return startedAt === null ? null : { pid, startedAt, ...(await readPlace()) };
}

/** Whether a process still runs. Never throws. */
export async function judgeOwner(owner: Owner): Promise<OwnerState> {
  const place = await readPlace();
  if (owner.host !== place.host && owner.boot !== place.boot) return 'unknown';
  if (owner.boot !== place.boot) return 'dead';
  if (owner.namespace !== place.namespace) return 'unknown';
  return (await readStart(owner.pid)) === owner.startedAt ? 'alive' : 'dead';
}

async function readPlace(): Promise<Omit<Owner, 'pid' | 'startedAt'>> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return { host: hostname(), boot: boot.trim(), namespace };
}

async function readStart(pid: number): Promise<string | null> {
  if (process.platform === 'linux') {
    const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
    if (line === null) return null;
    // The second field is the program's name in parentheses and may hold anything; after it, state is the first and start the twentieth.
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  }
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]);
    return stdout.trim() === '' ? null : stdout.trim();
  } catch {
    return null;
  }
}
