/** Which migrations a run judges: those that match, and of these the slice that falls to this machine. The others still run, to build the schema. */
import { matchesGlob } from '../core/glob.ts';
import type { Migration, MigrationSet } from '../core/migration.ts';
import type { CampaignPlan } from './plan.ts';

/** A set as far as choosing among its migrations goes. */
interface Selectable {
  readonly set: Pick<MigrationSet, 'migrations' | 'path'>;
}

interface Selecting extends Pick<CampaignPlan, 'only' | 'shard' | 'since'> {
  readonly sets: readonly Selectable[];
}

const chosen = new WeakMap<Selecting, ReadonlyMap<Selectable, ReadonlySet<string>>>();

/** Whether this run judges a migration of the set. */
export function isSelected(plan: Selecting, planned: Selectable, { name }: Pick<Migration, 'name'>): boolean {
  return namesOf(plan, planned).has(name);
}

/** Whether this run judges anything of the set. */
export function hasSelected(plan: Selecting, planned: Selectable): boolean {
  return namesOf(plan, planned).size > 0;
}

function namesOf(plan: Selecting, planned: Selectable): ReadonlySet<string> {
  const known = chosen.get(plan) ?? select(plan);
  chosen.set(plan, known);
  return known.get(planned) ?? new Set();
}

/** Migrations are dealt out one by one over all sets, so that shards are disjoint, cover everything, and have much the same to do. */
function select({ sets, only, shard, since }: Selecting): ReadonlyMap<Selectable, ReadonlySet<string>> {
  let dealt = 0;
  return new Map(
    sets.map((planned) => {
      const { path, migrations } = planned.set;
      const concerned = since?.names.get(path);
      const matching = migrations.filter(
        ({ name }) => (only === null || matchesGlob(only, name)) && (concerned?.has(name) ?? true),
      );
      const mine = matching.filter(() => shard === null || dealt++ % shard.of === shard.number - 1);
      return [planned, new Set(mine.map(({ name }) => name))];
    }),
  );
}
