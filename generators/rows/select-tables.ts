/** Which tables a case fills. */
import type { GivenTables } from '../datasets/given-rows.ts';
import type { Draw } from '../draw.ts';
import type { ModelPlan } from '../plan/table-plan.ts';
import type { Mood } from './mood.ts';

const OPTIONAL_PARENT_PERCENT = 65;
const EMPTY_PERCENT = 35;

/**
 * Indexes of the tables that get rows: the focus with all parents that its rows cannot do without, and in most cases the parents that
 * its rows may refer to (a reference that is always NULL tests nothing). Without focus, every table that can be filled. Tables that a
 * dataset of the user's names are always among them, with the parents that they cannot do without.
 */
export function selectTables(
  plan: ModelPlan,
  draw: Draw,
  focus: readonly string[] | null,
  mood: Mood,
  given: GivenTables,
): ReadonlySet<number> {
  const selected = new Set<number>();
  if (focus === null) {
    for (const table of plan.tables) selected.add(table.index);
  } else {
    const focused = focus.flatMap((key) => plan.byKey.get(key)?.index ?? []);
    for (const table of focused) addWithParents(plan, table, selected);
    for (const table of focused) {
      for (const key of plan.tables[table]?.foreignKeys ?? []) {
        if (!selected.has(key.target) && draw.chance(OPTIONAL_PARENT_PERCENT))
          addWithParents(plan, key.target, selected);
      }
    }
  }
  const kept = new Set<number>();
  for (const table of given.keys()) addWithParents(plan, table, kept);
  for (const table of kept) selected.add(table);
  for (const table of Array.from(selected)) {
    const isLeftEmpty = !kept.has(table) && mood.leavesEmpty && selected.size > 1 && draw.chance(EMPTY_PERCENT);
    if (isLeftEmpty || plan.tables[table]?.blocked !== null) selected.delete(table);
  }
  return selected;
}

function addWithParents(plan: ModelPlan, table: number, selected: Set<number>): void {
  if (selected.has(table)) return;
  selected.add(table);
  for (const key of plan.tables[table]?.foreignKeys ?? [])
    if (key.isRequired) addWithParents(plan, key.target, selected);
}
