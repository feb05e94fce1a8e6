/**
 * What a pair's last migration leaves changed in the catalog after up and down, without a campaign: the scripts of a twin are run on an
 * empty database and the two catalogs compared.
 */
import { join } from 'node:path';
import { diffCatalogs, type CatalogChange } from '../../harness/core/catalog.ts';
import type { Cluster, Database, Dialect } from '../../harness/core/dialect.ts';
import type { Script } from '../../harness/core/migration.ts';
import type { Server } from '../../harness/core/provider.ts';
import { postgresDialect } from '../../harness/dialects/postgres/dialect.ts';
import { sqliteDialect } from '../../harness/dialects/sqlite/dialect.ts';
import { readSet } from '../../harness/layouts/read-set.ts';
import { embeddedProvider } from '../../harness/providers/embedded.ts';
import { sqliteMemoryProvider } from '../../harness/providers/sqlite.ts';
import { folderOf, type FaultCase } from './fault-cases.ts';

const ROOT = join(import.meta.dirname, '../..');
const LIMITS = { statementMs: 20_000, scriptMs: 60_000 };
const CAPTURE = { maxRowsPerTable: 10, projections: [] };
const REQUEST = { postgres: null, image: null, serverUrl: null, allowRemote: false, keep: false };
const CONSTRAINT = /^(?:primary key|unique constraint|foreign key|check constraint|exclusion constraint)(?=$|:)/;

/** Both dialects, each on a server of its own. */
export interface Catalogs extends AsyncDisposable {
  /**
   * `kind: attribute` of everything that differs, `kind` alone for an object that is missing or too many. PostgreSQL's constraints
   * have one list of attributes and are called `constraint`.
   */
  changesOf(fault: FaultCase, twin: 'bad' | 'good'): Promise<readonly string[]>;
}

/** Starts what `changesOf` needs. */
export async function openCatalogs(): Promise<Catalogs> {
  const server = await embeddedProvider.start(REQUEST);
  const memory = await sqliteMemoryProvider.start(REQUEST);
  const postgres = await openCluster(postgresDialect, server);
  const sqlite = await openCluster(sqliteDialect, memory);
  return {
    changesOf: (fault, twin) =>
      fault.dialect === 'postgres'
        ? readChanges(postgres, postgresDialect, folderOf(fault, twin))
        : readChanges(sqlite, sqliteDialect, folderOf(fault, twin)),
    async [Symbol.asyncDispose]() {
      for (const each of [sqlite, postgres, memory, server]) await each[Symbol.asyncDispose]();
    },
  };
}

function openCluster(dialect: Dialect, server: Server): Promise<Cluster> {
  return dialect.openCluster(server, { foreignKeys: true, functions: {}, keep: false });
}

async function readChanges(cluster: Cluster, dialect: Dialect, folder: string): Promise<readonly string[]> {
  const { migrations } = await readSet({
    folder: join(ROOT, folder),
    shownAs: folder,
    layout: null,
    dialect: dialect.name,
  });
  const scripts = migrations.flatMap(({ up, down }) => (down === null ? [up] : [up, down]));
  await cluster.prepare(await dialect.requirements(scripts));
  await using database = await cluster.create();
  for (const { up } of migrations.slice(0, -1)) await run(database, up);
  const before = await database.capture(CAPTURE);
  const last = migrations.at(-1);
  if (last?.down == null) throw new Error(`${folder} has no last migration with a down`);
  await run(database, last.up);
  await run(database, last.down);
  const after = await database.capture(CAPTURE);
  return diffCatalogs(before.catalog, after.catalog).map((change) => nameChange(change, dialect));
}

async function run(database: Database, script: Script): Promise<void> {
  const outcome = await database.execute(script, LIMITS);
  if (outcome.status !== 'completed') throw new Error(`${script.file}: ${JSON.stringify(outcome)}`);
}

function nameChange(change: CatalogChange, dialect: Dialect): string {
  const name = change.change === 'altered' ? `${change.kind}: ${change.attribute}` : change.kind;
  return dialect.name === 'postgres' ? name.replace(CONSTRAINT, 'constraint') : name;
}
