/**
 * SQLite needs no server: a sandbox is a folder of the run for database files, in memory where there is a tmpfs, or no folder at all.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PalindromeError } from '../core/errors.ts';
import type { Provider, Server, ServerRequest } from '../core/provider.ts';
import { asEnvironmentFault } from './faults.ts';
import { makeRunId, takeLease } from './lease.ts';
import { openRoot } from './places.ts';
import { sweep } from './sweep.ts';

/** Database files in a folder of the run, removed with it. */
export const sqliteProvider: Provider = {
  name: 'sqlite',
  dialect: 'sqlite',
  async probe() {
    return { works: true, detail: 'database files in a folder of the run' };
  },
  start: startInFolder,
};

/** Databases in the memory of this process: `folder` is null. */
export const sqliteMemoryProvider: Provider = {
  name: 'sqlite',
  dialect: 'sqlite',
  async probe() {
    return { works: true, detail: 'databases in memory' };
  },
  async start() {
    return {
      dialect: 'sqlite',
      provider: 'sqlite',
      folder: null,
      runId: makeRunId(),
      async [Symbol.asyncDispose]() {
        // Memory goes with its connections.
      },
    };
  },
};

async function startInFolder(request: ServerRequest): Promise<Server> {
  const [root] = await Promise.all([openRoot(), sweep()]);
  const runId = makeRunId();
  const folder = join(root, runId);
  const lease = await takeLease(root, runId, { folders: [folder], container: null });
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    await lease.abandon();
    throw asEnvironmentFault(error, 'server-not-started', 'No folder for SQLite databases could be made');
  }
  let disposal: Promise<void> | null = null;
  const dispose = async (): Promise<void> => {
    if (request.keep) return lease.transfer(null);
    if (await lease.abandon()) return;
    throw new PalindromeError('server-not-removed', `The folder ${folder} of a run could not be removed.`, {
      kind: 'environment',
      hint: 'The next run tries again; remove it by hand otherwise.',
    });
  };
  return {
    dialect: 'sqlite',
    provider: 'sqlite',
    folder,
    runId,
    [Symbol.asyncDispose]: () => (disposal ??= dispose()),
  };
}
