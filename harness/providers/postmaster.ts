/**
 * The server process of a data folder.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PalindromeError, messageOf } from '../core/errors.ts';
import type { DataFolderRequest } from './data-folder.ts';
import { serverFlags } from './settings.ts';

/** The port in the name of the socket; nothing listens on TCP. */
export const SOCKET_PORT = 5432;
const READY_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 5_000;

/**
 * Starts the server of a data folder and waits until it accepts connections on the socket in the folder above.
 * Throws `PalindromeError` code `server-not-started` with the end of its log.
 */
export async function launchPostmaster({ binaries, account, target: data }: DataFolderRequest): Promise<ChildProcess> {
  const folder = dirname(data);
  const logFile = join(folder, 'server.log');
  await using log = await open(logFile, 'a', 0o600);
  const postmaster = spawn(
    binaries.postgres,
    ['-D', data, '-p', String(SOCKET_PORT), '-k', folder, ...serverFlags({ listen_addresses: '' })],
    // A session of its own: Ctrl-C in the terminal is for the harness to handle, in its order.
    { cwd: folder, detached: true, stdio: ['ignore', log.fd, log.fd], ...account },
  );
  postmaster.unref();
  let failure: Error | null = null;
  postmaster.on('error', (error) => (failure = error));
  const deadline = performance.now() + READY_LIMIT_MS;
  while (performance.now() < deadline) {
    if (await isReady(data)) return postmaster;
    if (failure !== null || postmaster.exitCode !== null || postmaster.signalCode !== null) break;
    await sleep(5);
  }
  await stopPostmaster(postmaster);
  const said = failure === null ? await lastLogLines(logFile) : messageOf(failure);
  throw new PalindromeError('server-not-started', `PostgreSQL ${binaries.version} did not start: ${said}`, {
    kind: 'environment',
    hint: 'Run `palindrome doctor`; use --provider container if the binaries do not work on this machine.',
  });
}

/** The server itself says so in the eighth line of its pid file, as `pg_ctl` reads it. */
async function isReady(data: string): Promise<boolean> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  return text.split('\n')[7]?.trim() === 'ready';
}

async function lastLogLines(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-5).join(' / ') || 'it said nothing';
}

/**
 * Immediate shutdown: nothing in the data is worth a checkpoint. Returns when the server is gone, or has had its time; with it go the
 * processes of its sessions, which a postmaster that is killed outright would leave behind for a moment.
 */
export async function stopPostmaster(postmaster: ChildProcess): Promise<void> {
  const isRunning = postmaster.pid !== undefined && postmaster.exitCode === null && postmaster.signalCode === null;
  if (!isRunning) return;
  postmaster.ref();
  const timer = new AbortController();
  const exit = once(postmaster, 'exit');
  postmaster.kill('SIGQUIT');
  await Promise.race([exit, sleep(STOP_LIMIT_MS, undefined, { signal: timer.signal }).catch(() => undefined)]);
  timer.abort();
}
