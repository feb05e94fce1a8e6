import type { Cluster } from '../core/dialect.ts';
import type { PlannedSet } from './plan.ts';

/** Roles belong to the whole server: made before any state is looked at, they are there in every state. */
export async function makeRoles(cluster: Cluster, { set, dialect }: PlannedSet): Promise<void> {
  const scripts = set.migrations.flatMap(({ up, down }) => (down === null ? [up] : [up, down]));
  const { roles } = await dialect.requirements(scripts);
  await cluster.prepare({ extensions: [], roles });
}
