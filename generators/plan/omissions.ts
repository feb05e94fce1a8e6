/** Columns that some cases leave to their defaults, so that defaults and sequences are exercised too. */
import type { Table } from '../../harness/core/schema.ts';
import type { CheckPlan } from '../checks/check-plan.ts';
import type { ColumnPlan } from './column-plan.ts';

/**
 * Columns whose default may stand in for a value: none that a check, a foreign key or a shared unique key must know. A numbered key is
 * one of them only while the table is empty, because rows that earlier migrations put there may hold the next numbers.
 */
export function planOmissions(
  table: Table,
  columns: readonly ColumnPlan[],
  checks: readonly CheckPlan[],
  referring: ReadonlySet<number>,
): number[] {
  const judged = new Set(checks.flatMap((check) => check.columns));
  return columns.flatMap(({ column, index }) => {
    const isNumbered = column.isAutoNumbered || column.identity !== null;
    if (column.generated !== null || (column.defaultSql === null && !isNumbered)) return [];
    if (judged.has(index) || referring.has(index)) return [];
    if (isNumbered) return table.existing.length === 0 ? [index] : [];
    const isInKey = table.uniques.some((unique) => unique.columns.includes(column.name));
    return isInKey || table.partitioning?.columns.includes(column.name) === true ? [] : [index];
  });
}
