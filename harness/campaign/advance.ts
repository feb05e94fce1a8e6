/**
 * Moving from one schema state of a set to the next, without generated rows.
 */
import type { Catalog } from '../core/catalog.ts';
import type { Cluster, Template } from '../core/dialect.ts';
import type { Migration } from '../core/migration.ts';
import type { ScriptOutcome } from '../core/trace.ts';
import { readFresh } from './parity.ts';
import type { PlannedSet } from './plan.ts';
import type { Workbench } from './workbench.ts';

export interface AdvanceRequest {
  readonly planned: PlannedSet;
  readonly cluster: Cluster;
  /** In the state before the migration. */
  readonly bench: Workbench;
  readonly migration: Migration;
  /** Of the template that is made. */
  readonly key: string;
  /** Whether `schema-parity` will be judged there. */
  readonly wantsCatalog: boolean;
}

/** The state after a migration; `template` is null where its up does not complete. */
export interface Advanced {
  readonly template: Template | null;
  readonly outcome: ScriptOutcome;
  /** Null where it was not wanted. */
  readonly fresh: Catalog | null;
}

/** Runs the up script on the state without generated rows and freezes the result: the state before the next migration. */
export async function advance({
  planned,
  cluster,
  bench,
  migration,
  key,
  wantsCatalog,
}: AdvanceRequest): Promise<Advanced> {
  const database = await bench.fresh();
  bench.left(null);
  const outcome = await database.execute(migration.up, planned.limits);
  if (outcome.status !== 'completed') return { template: null, outcome, fresh: null };
  const fresh = wantsCatalog ? await readFresh(database) : null;
  bench.release();
  return { template: await cluster.freeze(database, key), outcome, fresh };
}

/** What the server lacks for a migration: sentences; null: nothing. */
export async function unmetRequirements(
  { dialect }: Pick<PlannedSet, 'dialect'>,
  cluster: Cluster,
  migration: Migration,
): Promise<string | null> {
  const scripts = migration.down === null ? [migration.up] : [migration.up, migration.down];
  const { extensions } = await dialect.requirements(scripts);
  const unmet = await cluster.prepare({ extensions, roles: [] });
  return unmet.length === 0 ? null : unmet.join('; ');
}
