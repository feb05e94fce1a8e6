/**
 * What `schema-parity` compares with: the catalog of a fresh install, and that of the declared model in a database of its own.
 */
import type { Catalog } from '../core/catalog.ts';
import type { Cluster, Database, Template } from '../core/dialect.ts';
import { PalindromeError } from '../core/errors.ts';
import type { Migration } from '../core/migration.ts';
import type { DeclaredModel, ParityContext } from '../core/parity.ts';
import { scriptOf } from '../core/script.ts';
import type { PlannedSet } from './plan.ts';

/** The catalog of a database in which nothing but scripts ran. */
export async function readFresh(database: Database): Promise<Catalog> {
  const { catalog } = await database.capture({ maxRowsPerTable: 0, projections: [] });
  return catalog;
}

/** The context after a migration whose fresh catalog is known. */
export async function parityAfter(
  cluster: Cluster,
  planned: PlannedSet,
  migration: Migration,
  fresh: Catalog,
): Promise<ParityContext> {
  const isLast = planned.set.migrations.at(-1) === migration;
  return { fresh, model: isLast ? await buildModel(cluster, planned) : null, exceptions: planned.parityExceptions };
}

/** The same from the state before the migration. Null where the up does not complete there. */
export async function parityFrom(
  cluster: Cluster,
  planned: PlannedSet,
  migration: Migration,
  before: Template,
): Promise<ParityContext | null> {
  await using database = await cluster.create(before);
  const outcome = await database.execute(migration.up, planned.limits);
  if (outcome.status !== 'completed') return null;
  return parityAfter(cluster, planned, migration, await readFresh(database));
}

/** Throws where the declared model cannot be read: before hours are spent on what comes before its turn. */
export async function requireModel({ model }: PlannedSet): Promise<void> {
  await model?.read();
}

/** Builds the declared model in an empty database. Throws `model-fails` where its SQL does. */
async function buildModel(cluster: Cluster, planned: PlannedSet): Promise<DeclaredModel | null> {
  const { model, set, dialect, limits } = planned;
  if (model === null) return null;
  const sql = await model.read();
  await using database = await cluster.create();
  if (model.source !== 'sql') {
    // Neither language has to say which extensions are there: they come from the migrations.
    const { extensions } = await dialect.requirements(set.migrations.map(({ up }) => up));
    for (const name of extensions)
      await database.run(`CREATE EXTENSION IF NOT EXISTS ${dialect.quoteIdentifier(name)}`);
  }
  const outcome = await database.execute({ ...scriptOf(sql), file: model.file }, limits);
  if (outcome.status !== 'completed') {
    const why = outcome.status === 'failed' ? outcome.fault.message : `it did not finish within ${outcome.limitMs} ms`;
    const at = outcome.at === null ? '' : `\n  ${outcome.at.text}`;
    throw new PalindromeError(
      'model-fails',
      `The model ${model.file} cannot be built in an empty database: ${why}${at}`,
      {
        hint: 'The declared model must build the whole schema alone.',
      },
    );
  }
  return { source: model.source, file: model.file, catalog: await readFresh(database) };
}
