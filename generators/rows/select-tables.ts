/** Which tables a case fills. */
import type { Draw } from '../draw.ts';
import type { ModelPlan } from '../plan/table-plan.ts';
import type { Mood } from './mood.ts';

const OPTIONAL_PARENT_PERCENT = 65;
const EMPTY_PERCENT = 35;

/**
 * Indexes of the tables that get rows: the focus with all parents that its rows cannot do without, and in most cases the parents that
 * its rows may refer to (a reference that is always NULL tests nothing). Without focus, every table that can be filled.
 */
export function selectTables(
  plan: ModelPlan,
  draw: Draw,
  focus: readonly string[] | null,
  mood: Mood,
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
  for (const table of Array.from(selected)) {
    const isLeftEmpty = mood.leavesEmpty && selected.size > 1 && draw.chance(EMPTY_PERCENT);
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
