/** What runs leave on a server that they share. */
import { join } from 'node:path';
import { closeClient, openClient, queryRows } from '../../harness/dialects/postgres/connection.ts';
import type { PostgresServer } from '../../harness/dialects/postgres/connection.ts';
import { postgresDialect } from '../../harness/dialects/postgres/dialect.ts';
import { serverProvider } from '../../harness/providers/server.ts';
import { openNetwork } from './proxy.ts';

/** Starts on the shared server as a run does, which sweeps; returns what is still there. */
export async function sweepAsTheNextRun(server: PostgresServer): Promise<readonly string[]> {
  const network = await openNetwork(socketOf(server));
  try {
    const serverUrl = `postgres://postgres@127.0.0.1:${network.port}/postgres`;
    await using next = await serverProvider.start({
      postgres: null,
      image: null,
      serverUrl,
      allowRemote: false,
      keep: false,
    });
    const cluster = await postgresDialect.openCluster(next, { foreignKeys: true, functions: {}, keep: false });
    await cluster[Symbol.asyncDispose]();
  } finally {
    await network[Symbol.asyncDispose]();
  }
  return (await databasesOn(server)).map((name) => `database ${name}`);
}

/** Databases that the server did not come with. */
export async function databasesOn(server: PostgresServer): Promise<readonly string[]> {
  const client = await openClient(server, server.database);
  try {
    const rows = await queryRows(
      client,
      `SELECT datname FROM pg_database WHERE datname NOT IN ('postgres', 'template0', 'template1') ORDER BY 1`,
    );
    return rows.map(([name]) => name ?? '');
  } finally {
    await closeClient(client);
  }
}

/** The socket that the server listens on. */
export function socketOf(server: PostgresServer): string {
  return join(server.host, `.s.PGSQL.${server.port}`);
}
