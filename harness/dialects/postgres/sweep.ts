/**
 * Databases of runs that died: found by their name, dropped where no session of their run is left.
 */
import type { Client } from 'pg';
import { closeClient, openClient, queryRows } from './connection.ts';
import type { PostgresServer } from './connection.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';

const NAME = /^palindrome_([a-z0-9]+)_\d+$/;

/** The name of a run's n-th database. */
export function databaseName(runId: string, n: number): string {
  return `palindrome_${runId}_${n}`;
}

/**
 * Drops databases named `palindrome_<run>_<n>` of other runs that have no session left (every run keeps one open, named
 * `palindrome:<run>`, from before its first database to after its last). Returns the names dropped.
 */
export async function sweepOrphans(server: PostgresServer): Promise<readonly string[]> {
  const admin = await openClient(server, server.database);
  try {
    const rows = await queryRows(admin, `SELECT datname FROM pg_database WHERE datname LIKE 'palindrome\\_%'`);
    const dropped: string[] = [];
    for (const [name = null] of rows) {
      const runId = NAME.exec(name ?? '')?.[1];
      if (name === null || runId === undefined || runId === server.runId || (await isAlive(admin, runId))) continue;
      // Another run may sweep at the same moment: whoever comes second finds nothing to drop.
      const isDropped = await admin.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`).then(
        () => true,
        () => false,
      );
      if (isDropped) dropped.push(name);
    }
    return dropped;
  } finally {
    await closeClient(admin);
  }
}

async function isAlive(admin: Client, runId: string): Promise<boolean> {
  const rows = await queryRows(
    admin,
    `SELECT 1 FROM pg_stat_activity WHERE application_name = ${quoteLiteral(`palindrome:${runId}`)} LIMIT 1`,
  );
  return rows.length > 0;
}
