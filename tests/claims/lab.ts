/**
 * The laboratory in which claims are judged: reports of `verify`, empty databases on a server of its own, empty folders.
 *
 * Everything it makes stands in a lease before it exists (the providers see to that), so it is gone when the lab closes, after Ctrl-C and
 * after a `kill -9` alike. Only counterexamples stay, in the store, so that their ids can be replayed.
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { verify } from '../../harness/cli/library.ts';
import type { Server, ServerRequest } from '../../harness/core/provider.ts';
import type { Report } from '../../harness/core/report.ts';
import { embeddedProvider } from '../../harness/providers/embedded.ts';
import { sqliteProvider } from '../../harness/providers/sqlite.ts';
import type { Form, Lab } from './claim.ts';

const ROOT = join(import.meta.dirname, '../..');
const REQUEST: ServerRequest = { postgres: null, image: null, serverUrl: null, allowRemote: false, keep: false };

/** Of every verification: the same seed and the same number of cases give the same counterexamples, and the same ids. */
const SEED = 1;
const CASES = 50;
/** Of the hardened form of a set with pagers, which needs them to meet everything that could break one. */
const PAGER_CASES = 100;
/** Verifications at the same time: what two cores carry. */
const AT_ONCE = 2;

export interface LabOptions {
  /** Where counterexamples are kept, relative to the repository or absolute. */
  readonly store: string;
  /** Aborting it makes running verifications finish their case, and everything asked for later fail. */
  readonly signal: AbortSignal;
}

/** An open lab. Databases and folders are made on demand; disposing it removes them, and waits for verifications that still run. */
export type OpenLab = Lab & AsyncDisposable;

/** Opens a lab; starts nothing yet. */
export function openLab({ store, signal }: LabOptions): OpenLab {
  const reports = new Map<string, Promise<Report>>();
  const turns = openTurns(AT_ONCE);
  let server: Promise<PostgresServer> | null = null;
  let files: Promise<Server> | null = null;
  let made = 0;

  const runVerify = async (set: string, form: Form): Promise<Report> => {
    const folder = pathOf(set, form);
    if (!existsSync(join(ROOT, folder))) throw new Error(`There is no ${folder}.`);
    const done = await turns.take();
    try {
      signal.throwIfAborted();
      const report = await verify({
        paths: [folder],
        cwd: ROOT,
        provider: 'embedded',
        seed: SEED,
        cases: folder.endsWith('portfolio-lots/hardened') ? PAGER_CASES : CASES,
        store,
        signal,
      });
      if (report.run.exitCode === 3) throw new Error(`${folder} could not be verified: ${report.run.stoppedBecause}`);
      signal.throwIfAborted();
      return report;
    } finally {
      done();
    }
  };

  return {
    verify(set, form) {
      const key = `${set}/${form}`;
      const report = reports.get(key) ?? runVerify(set, form);
      reports.set(key, report);
      return report;
    },
    async createDatabase() {
      signal.throwIfAborted();
      server ??= startPostgres();
      return await makeDatabase(await server, `claim_${++made}`);
    },
    async createFolder() {
      signal.throwIfAborted();
      files ??= sqliteProvider.start(REQUEST);
      const { folder } = (await files) as Server & { dialect: 'sqlite' };
      const inside = join(folder ?? '', `claim_${++made}`);
      await mkdir(inside);
      return inside;
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(reports.values());
      // Both are tried; the first failure is told.
      const ended = await Promise.allSettled([closeServer(server), closeServer(files)]);
      for (const end of ended) if (end.status === 'rejected') throw end.reason;
    },
  };
}

/** The folder of one form of a set, relative to the repository. */
function pathOf(set: string, form: Form): string {
  return `migrations/reference/${set}/${form}`;
}

type PostgresServer = Server & { dialect: 'postgres' };

async function startPostgres(): Promise<PostgresServer> {
  const server = await embeddedProvider.start(REQUEST);
  if (server.dialect !== 'postgres') throw new Error('The embedded provider started something else than PostgreSQL.');
  return server;
}

async function makeDatabase({ host, port, user, database }: PostgresServer, name: string): Promise<string> {
  const client = new Client({ host, port, user, database });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name}`);
  } finally {
    await client.end();
  }
  // A socket's folder as a parameter: both libpq and node-postgres read it there.
  return `postgresql://${user}@localhost:${port}/${name}?host=${encodeURIComponent(host)}`;
}

async function closeServer(starting: Promise<Server> | null): Promise<void> {
  const server = await starting?.catch(() => null);
  await server?.[Symbol.asyncDispose]();
}

/** At most `limit` holders at a time, in the order in which they came. */
function openTurns(limit: number): { take(): Promise<() => void> } {
  const waiting: (() => void)[] = [];
  let free = limit;
  const giveBack = () => {
    const next = waiting.shift();
    if (next === undefined) free++;
    else next();
  };
  return {
    async take() {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return giveBack;
    },
  };
}
