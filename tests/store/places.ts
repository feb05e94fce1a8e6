/** Stores of both kinds for the same test bodies: a new folder, and a new database of one embedded server. */
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { openStoreOf } from '../../harness/cli/open-store-of.ts';
import type { Store } from '../../harness/store/store.ts';
import { type PostgresServer, startServer } from '../dialects/postgres/support.ts';
import { makeStoreFolder } from './sample.ts';

export const KINDS = ['folder', 'postgres'] as const;
type Kind = (typeof KINDS)[number];

/** A place for a store that nothing was written to. */
interface StoreBench extends AsyncDisposable {
  /** The folder; of a database, where copies go. */
  readonly folder: string;
  readonly url: string | null;
  /** What the report calls it. */
  readonly shownAs: string;
  open(): Promise<Store>;
  /** Statements in the database. */
  sql(text: string): Promise<readonly Record<string, unknown>[]>;
}

export interface SharedServer extends AsyncDisposable {
  /** A new database; its URL has a password that the server does not ask for. */
  makeDatabase(): Promise<string>;
  bench(kind: Kind): Promise<StoreBench>;
}

export async function startSharedServer(): Promise<SharedServer> {
  const server = await startServer();
  const makeDatabase = async (): Promise<string> => {
    const name = `shared_${randomBytes(5).toString('hex')}`;
    await ask(urlFor(server, 'postgres'), `CREATE DATABASE ${name}`);
    return urlFor(server, name);
  };
  return {
    makeDatabase,
    async bench(kind) {
      const folder = await makeStoreFolder();
      const url = kind === 'folder' ? null : await makeDatabase();
      return {
        folder: folder.path,
        url,
        shownAs: url === null ? '.palindrome' : url.replace(':s3cr3t@', '@').replace('postgres:', 'postgresql:'),
        open: () => openStoreOf({ folder: folder.path, shownAs: '.palindrome', url }),
        sql: (text) => ask(url ?? '', text),
        [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
      };
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

export async function ask(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

function urlFor({ host, port }: PostgresServer, database: string): string {
  return host.startsWith('/')
    ? `postgres://postgres:s3cr3t@/${database}?host=${encodeURIComponent(host)}&port=${port}`
    : `postgres://postgres:s3cr3t@${host}:${port}/${database}`;
}
