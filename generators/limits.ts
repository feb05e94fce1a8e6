/** What cannot be satisfied, known before any row is proposed. */
import type { DialectName } from '../harness/core/migration.ts';
import type { ModelPlan, TablePlan } from './plan/table-plan.ts';

/** Tables that stay empty, each with the reason: directly, or because a required parent stays empty. */
export function findLimits(plan: ModelPlan, dialect: DialectName): { table: string; reason: string }[] {
  const reasons = new Map<number, string>();
  for (const table of plan.tables) if (table.blocked !== null) reasons.set(table.index, table.blocked);
  for (const table of plan.tables)
    if (!reasons.has(table.index) && isUnreachable(plan, table, dialect)) {
      reasons.set(
        table.index,
        'its NOT NULL foreign keys form a cycle that no first row can enter (none of them is deferrable)',
      );
    }
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    for (const table of plan.tables) {
      const empty = table.foreignKeys.find(
        (key) => key.isRequired && reasons.has(key.target) && plan.tables[key.target]?.existing.length === 0,
      );
      if (empty === undefined || reasons.has(table.index)) continue;
      reasons.set(table.index, `every row needs a row of ${empty.key.refTable}, which stays empty`);
      isChanged = true;
    }
  }
  return plan.tables.flatMap((table) => {
    const reason = reasons.get(table.index);
    return reason === undefined ? [] : [{ table: table.table.key, reason }];
  });
}

/** Whether the table lies on a cycle of required keys between different tables in which nothing is deferrable. SQLite can defer any key. */
function isUnreachable(plan: ModelPlan, table: TablePlan, dialect: DialectName): boolean {
  if (dialect === 'sqlite') return false;
  const seen = new Set<number>();
  const reaches = (from: TablePlan): boolean =>
    from.foreignKeys.some((key) => {
      if (!key.isCyclic || !key.isRequired || key.key.isDeferrable || !key.key.isEnforced || key.target === from.index)
        return false;
      const target = plan.tables[key.target];
      if (target === undefined || target.existing.length > 0) return false;
      if (key.target === table.index) return true;
      if (seen.has(key.target)) return false;
      seen.add(key.target);
      return reaches(target);
    });
  return reaches(table);
}
