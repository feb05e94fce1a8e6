/** Simpler legal values for a column, for reducing a counterexample. */
import type { Cell } from '../harness/core/dataset.ts';
import type { ModelPlan } from './plan/table-plan.ts';

/** At most eight cells, simplest first. Empty where nothing simpler is known. */
export function simplerTexts(plan: ModelPlan, table: string, column: string, current: Cell): readonly Cell[] {
  const columnPlan = plan.byKey.get(table)?.columns.find((candidate) => candidate.column.name === column);
  if (columnPlan === undefined) return [];
  const cells: Cell[] = columnPlan.isNullable ? [null] : [];
  for (const text of columnPlan.values?.simplest ?? []) cells.push(columnPlan.storage.encode(text));
  return cells.filter((cell) => cell !== current).slice(0, 8);
}
