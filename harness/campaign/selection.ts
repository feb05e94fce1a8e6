/** Which migrations a run judges: those that match, and of these the slice that falls to this machine. The others still run, to build the schema. */
import { matchesGlob } from '../core/glob.ts';
import type { Migration } from '../core/migration.ts';
import type { CampaignPlan, PlannedSet } from './plan.ts';

type Selecting = Pick<CampaignPlan, 'sets' | 'only' | 'shard'>;

const chosen = new WeakMap<Selecting, ReadonlyMap<PlannedSet, ReadonlySet<string>>>();

/** Whether this run judges a migration of the set. */
export function isSelected(plan: Selecting, planned: PlannedSet, { name }: Pick<Migration, 'name'>): boolean {
  return namesOf(plan, planned).has(name);
}

/** Whether this run judges anything of the set. */
export function hasSelected(plan: Selecting, planned: PlannedSet): boolean {
  return namesOf(plan, planned).size > 0;
}

function namesOf(plan: Selecting, planned: PlannedSet): ReadonlySet<string> {
  const known = chosen.get(plan) ?? select(plan);
  chosen.set(plan, known);
  return known.get(planned) ?? new Set();
}

/** Migrations are dealt out one by one over all sets, so that shards are disjoint, cover everything, and have much the same to do. */
function select({ sets, only, shard }: Selecting): ReadonlyMap<PlannedSet, ReadonlySet<string>> {
  let dealt = 0;
  return new Map(
    sets.map((planned) => {
      const matching = planned.set.migrations.filter(({ name }) => only === null || matchesGlob(only, name));
      const mine = matching.filter(() => shard === null || dealt++ % shard.of === shard.number - 1);
      return [planned, new Set(mine.map(({ name }) => name))];
    }),
  );
}
