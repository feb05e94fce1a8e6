/** What cannot be satisfied, known before any row is proposed. */
import type { ModelPlan } from './plan/table-plan.ts';

/**
 * Tables that stay empty, each with the reason: directly, or because a required parent stays empty. Cycles of required keys are no
 * obstacle: both dialects insert the rows of a cycle together.
 */
export function findLimits(plan: ModelPlan): { table: string; reason: string }[] {
  const reasons = new Map<number, string>();
  for (const table of plan.tables) if (table.blocked !== null) reasons.set(table.index, table.blocked);
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    for (const table of plan.tables) {
      if (reasons.has(table.index)) continue;
      const empty = table.foreignKeys.find(
        (key) => key.isRequired && reasons.has(key.target) && plan.tables[key.target]?.existing.length === 0,
      );
      if (empty === undefined) continue;
      reasons.set(table.index, `every row needs a row of ${empty.key.refTable}, which stays empty`);
      isChanged = true;
    }
  }
  return plan.tables.flatMap((table) => {
    const reason = reasons.get(table.index);
    return reason === undefined ? [] : [{ table: table.table.key, reason }];
  });
}
