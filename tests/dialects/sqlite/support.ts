/** What the SQLite tests share: scripts from text, clusters in memory or in a folder, short ways to look. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Cluster, ClusterOptions, Database, ExecutionLimits } from '../../../harness/core/dialect.ts';
import type { Dataset, Row } from '../../../harness/core/dataset.ts';
import { sha256 } from '../../../harness/core/hash.ts';
import { wrapCluster } from '../../../harness/core/wrap-cluster.ts';
import type { Script, TransactionMode } from '../../../harness/core/migration.ts';
import type { Snapshot } from '../../../harness/core/snapshot.ts';
import type { CatalogObject } from '../../../harness/core/catalog.ts';
import { sqliteDialect } from '../../../harness/dialects/sqlite/dialect.ts';

export const LIMITS: ExecutionLimits = { statementMs: 20_000, scriptMs: 30_000 };
const CAPTURE = { maxRowsPerTable: 1000, projections: [] };

export function script(text: string, transaction: TransactionMode = 'autocommit'): Script {
  return { file: 'migrations/0001_test.sql', text, sha256: sha256(text), transaction, chunks: [{ text, offset: 0 }] };
}

let shared: Promise<Cluster> | null = null;

/** A cluster; without arguments the file's tests share one, since an engine process takes a while to start from the sources. */
export async function openCluster(
  options: Partial<ClusterOptions> | null = null,
  folder: string | null = null,
): Promise<Cluster> {
  if (options !== null || folder !== null) return await openOwnCluster(options ?? {}, folder);
  shared ??= openOwnCluster({}, null);
  return wrapCluster(await shared, { [Symbol.asyncDispose]: async () => {} });
}

afterAll(async () => {
  await (await shared)?.[Symbol.asyncDispose]();
});

async function openOwnCluster(options: Partial<ClusterOptions>, folder: string | null): Promise<Cluster> {
  const server = {
    dialect: 'sqlite' as const,
    provider: 'sqlite' as const,
    folder,
    runId: 'test',
    [Symbol.asyncDispose]: async () => {},
  };
  return await sqliteDialect.openCluster(server, { foreignKeys: true, functions: {}, keep: false, ...options });
}

/** A folder that is removed at the end of the scope. */
export function makeFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'palindrome-sqlite-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Runs a script that has to complete. */
export async function execute(database: Database, text: string, transaction?: TransactionMode): Promise<void> {
  const outcome = await database.execute(script(text, transaction), LIMITS);
  if (outcome.status !== 'completed') throw new Error(`${outcome.status}: ${JSON.stringify(outcome)}`);
}

export async function capture(database: Database): Promise<Snapshot> {
  return await database.capture(CAPTURE);
}

export async function rowsOf(database: Database, sql: string): Promise<readonly Row[]> {
  const result = await database.query(sql, 1000, 10_000);
  if (result.status !== 'rows') throw new Error(result.fault.message);
  return result.rows;
}

export function objectOf(snapshot: Snapshot, kind: string, name: string): CatalogObject {
  const found = snapshot.catalog.objects.find((object) => object.kind === kind && object.name === name);
  if (found === undefined) {
    const names = snapshot.catalog.objects.map((object) => `${object.kind} ${object.name}`).join('; ');
    throw new Error(`No ${kind} ${name} among: ${names}`);
  }
  return found;
}

export function datasetOf(...tables: readonly (readonly [string, readonly string[], ...Row[]])[]): Dataset {
  return { tables: tables.map(([table, columns, ...rows]) => ({ table, columns, rows })) };
}
