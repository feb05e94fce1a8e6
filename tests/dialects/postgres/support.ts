/** What the tests of the PostgreSQL dialect share: a server to run against, and scripts made from text. */
import { randomBytes } from 'node:crypto';
import { sha256 } from '../../../harness/core/hash.ts';
import type { Cluster } from '../../../harness/core/dialect.ts';
import type { Script, TransactionMode } from '../../../harness/core/migration.ts';
import type { Server } from '../../../harness/core/provider.ts';
import { postgresDialect } from '../../../harness/dialects/postgres/dialect.ts';
import { embeddedProvider } from '../../../harness/providers/embedded.ts';

export type PostgresServer = Extract<Server, { dialect: 'postgres' }>;

export const LIMITS = { statementMs: 10_000, scriptMs: 30_000 };
export const CAPTURE = { maxRowsPerTable: 1_000, projections: [] };

/**
 * A server for one test file: that of PALINDROME_TEST_POSTGRES (`host:port`, trusted user postgres) where it is set, else an embedded one
 * (of PALINDROME_TEST_POSTGRES_MAJOR, else the default).
 * The run's name is fresh, so files do not meet.
 */
export async function startServer(): Promise<PostgresServer> {
  const runId = `t${randomBytes(5).toString('hex')}`;
  const shared = process.env['PALINDROME_TEST_POSTGRES'];
  if (shared !== undefined) {
    const [host = '127.0.0.1', port = '5432'] = shared.split(':');
    return serverAt(host, Number(port), runId);
  }
  const server = await embeddedProvider.start({
    postgres: process.env['PALINDROME_TEST_POSTGRES_MAJOR'] ?? null,
    image: null,
    serverUrl: null,
    allowRemote: false,
    keep: false,
  });
  if (server.dialect !== 'postgres') throw new Error('not a PostgreSQL server');
  return server;
}

function serverAt(host: string, port: number, runId: string): PostgresServer {
  return {
    dialect: 'postgres',
    provider: 'server',
    host,
    port,
    user: 'postgres',
    password: undefined,
    database: 'postgres',
    ssl: false,
    runId,
    isExclusive: false,
    crash: { isPossible: false, why: 'other tests use it as well' },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

export async function openCluster(server: PostgresServer, keep = false): Promise<Cluster> {
  return postgresDialect.openCluster(server, { foreignKeys: true, functions: {}, keep });
}

/** A script as a layout would make it: one chunk, or the chunks given. */
export function script(transaction: TransactionMode, ...chunks: readonly string[]): Script {
  const text = chunks.join('\n');
  let offset = 0;
  const placed = chunks.map((chunk) => {
    const at = { text: chunk, offset };
    offset += chunk.length + 1;
    return at;
  });
  return { file: 'migrations/0001_test.sql', text, sha256: sha256(text), transaction, chunks: placed };
}
