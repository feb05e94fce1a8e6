/** What the tests of paging share: a database of either dialect with sessions, which SQLite has on files alone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import type { Cluster } from '../../harness/core/dialect.ts';
import type { DialectName } from '../../harness/core/migration.ts';
import { sqliteDialect } from '../../harness/dialects/sqlite/dialect.ts';
import { openCluster, startServer } from '../dialects/postgres/support.ts';

export const DIALECTS: readonly DialectName[] = ['postgres', 'sqlite'];

export interface OpenDialect extends AsyncDisposable {
  readonly cluster: Cluster;
}

/** A cluster that goes away with what it runs on; SQLite's databases are files. */
export async function openDialect(dialect: DialectName): Promise<OpenDialect> {
  if (dialect === 'postgres') {
    const server = await startServer();
    const cluster = await openCluster(server);
    return {
      cluster,
      async [Symbol.asyncDispose]() {
        await cluster[Symbol.asyncDispose]();
        await server[Symbol.asyncDispose]();
      },
    };
  }
  const folder = mkdtempSync(join(tmpdir(), 'palindrome-paging-'));
  const cluster = await sqliteDialect.openCluster(
    {
      dialect: 'sqlite',
      provider: 'sqlite',
      folder,
      runId: `t${randomBytes(5).toString('hex')}`,
      [Symbol.asyncDispose]: async () => undefined,
    },
    { foreignKeys: true, functions: {}, keep: false },
  );
  return {
    cluster,
    async [Symbol.asyncDispose]() {
      await cluster[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
