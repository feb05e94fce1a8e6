/**
 * The account that a server runs under. PostgreSQL refuses to run as root, so a root harness hands its servers to `postgres`.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PalindromeError, messageOf } from '../core/errors.ts';
import { isRoot } from './places.ts';

const run = promisify(execFile);

/** Numbers of an account; null: the server runs as the user of this process. */
export type ServerAccount = { readonly uid: number; readonly gid: number } | null;

const NAME = 'postgres';

/**
 * The account for servers of this process. Root gets `postgres`, which is made where it is missing; everybody else runs servers themselves.
 * Throws `PalindromeError` code `no-server-account`.
 */
export async function openServerAccount(): Promise<ServerAccount> {
  if (!isRoot()) return null;
  const found = await findServerAccount();
  if (found !== null) return found;
  const failures: string[] = [];
  for (const [command, ...args] of CREATORS) {
    try {
      await run(command, args);
    } catch (error) {
      failures.push(`${command}: ${messageOf(error).trim()}`);
    }
    const made = await findServerAccount();
    if (made !== null) return made;
  }
  throw new PalindromeError(
    'no-server-account',
    `PostgreSQL refuses to run as root, and an account "${NAME}" is neither there nor can it be made (${failures.join('; ')}).`,
    { kind: 'environment', hint: `Run as another user than root, or make a system account named "${NAME}".` },
  );
}

/** The account `postgres` if there is one. */
async function findServerAccount(): Promise<ServerAccount> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', NAME]), run('id', ['-g', NAME])]);
    return { uid: Number(uid.stdout.trim()), gid: Number(gid.stdout.trim()) };
  } catch {
    return null;
  }
}

/** shadow's and BusyBox's way of making a system account without a home and a login. */
const CREATORS: readonly (readonly [string, ...string[]])[] = [
  [
    'useradd',
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    '/usr/sbin/nologin',
    NAME,
  ],
  ['adduser', '-S', '-D', '-H', '-h', '/nonexistent', '-s', '/sbin/nologin', NAME],
];
