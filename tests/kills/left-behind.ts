/**
 * What is left of a run that was killed, looked for without asking the run: processes by a mark in their environment or by the folder that they
 * work in, leases and folders, containers by their owner, temporary files, shared memory.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { possibleRoots } from '../../harness/providers/places.ts';
import { leftoversOf } from '../providers/fixtures/look.ts';

/** The variable that every process of a run inherits; its value tells runs apart. */
export const MARK = 'PALINDROME_KILLS_MARK';

/** One of each, however many runs there were: the cache of the loader that tests start runs with, and the empty file that Testcontainers locks. */
const OF_OTHERS = /^(?:tsx-|testcontainers-node-\d+\.lock$)/u;

/** What to look for. */
export interface Traces {
  readonly mark: string;
  /** The process that was the harness. */
  readonly pid: number;
  /** Where it kept temporary files. */
  readonly temporary: string;
  /** Folders that its leases named. */
  readonly folders: ReadonlySet<string>;
  /** Whether it may have made containers. */
  readonly hasContainers: boolean;
}

interface LeaseFile {
  readonly owner: { readonly pid: number };
  readonly folders: readonly string[];
}

/** Folders of runs that a process owns, as its leases name them now. */
export function foldersLeasedBy(pid: number): readonly string[] {
  return leaseFiles().flatMap((file) => {
    const lease = parseLease(file);
    return lease?.owner.pid === pid ? [file.slice(0, -'.lease'.length)] : [];
  });
}

/** Everything that is left, in words. */
export function leftBehind({ mark, pid, temporary, folders, hasContainers }: Traces): string[] {
  const orphans = possibleRoots().flatMap((root) =>
    listOf(root)
      .filter((name) => !name.endsWith('.lease') && !existsSync(join(root, `${name}.lease`)))
      .filter((name) => folders.has(join(root, name)))
      .map((name) => `folder ${join(root, name)} without a lease`),
  );
  return [
    ...markedProcesses(mark).map((found) => `process ${found}`),
    ...foldersLeasedBy(pid).map((folder) => `lease of ${folder}`),
    ...[...folders].flatMap((folder) => leftoversOf(folder)),
    ...orphans,
    ...listOf(temporary)
      .filter((name) => !OF_OTHERS.test(name))
      .map((name) => `temporary file ${name}`),
    ...(hasContainers ? containersOf(pid).map((name) => `container ${name}`) : []),
  ];
}

/** Processes that run now with the mark in their environment, the asking one excepted. */
function markedProcesses(mark: string): readonly string[] {
  return listOf('/proc')
    .filter((entry) => /^\d+$/u.test(entry) && Number(entry) !== process.pid)
    .filter((entry) => read(`/proc/${entry}/environ`).includes(`${MARK}=${mark}\0`))
    .map((entry) => `${entry} ${commandLine(entry).slice(0, 120)}`);
}

/** Processes that a process started and that run a program of that name. */
export function childrenOf(pid: number, program: string): readonly number[] {
  return listOf('/proc')
    .filter((entry) => /^\d+$/u.test(entry) && parentOf(entry) === pid && commandLine(entry).includes(program))
    .map(Number);
}

/** Names of containers that a process of this machine owns, running or not. */
export function containersOf(pid: number): readonly string[] {
  const format = '{{.Names}}\t{{.Label "palindrome.owner"}}';
  const listed = execFileSync('docker', ['ps', '-a', '--filter', 'label=palindrome.run', '--format', format], {
    encoding: 'utf8',
  });
  return listed
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([, owner = '']) => owner.startsWith(`${pid}@`))
    .map(([name = '']) => name);
}

function leaseFiles(): readonly string[] {
  return possibleRoots().flatMap((root) =>
    listOf(root)
      .filter((name) => name.endsWith('.lease'))
      .map((name) => join(root, name)),
  );
}

function parentOf(pid: string): number {
  // The name in parentheses may hold anything; the state and the parent follow the last of them.
  const status = read(`/proc/${pid}/stat`);
  return Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]);
}

function commandLine(pid: string): string {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
}

function parseLease(file: string): LeaseFile | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LeaseFile;
  } catch {
    return null;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function listOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
