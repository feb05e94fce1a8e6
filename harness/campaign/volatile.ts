/**
 * Columns that U fills with values the data does not determine: two runs on the same data differ in them.
 * Comparing them would report the clock or chance, not the migration.
 */
import type { TableState } from '../core/snapshot.ts';
import { compareText } from '../core/text.ts';
import { momentOf, type Trace } from '../core/trace.ts';

/** The columns (`table.column`) whose values differ after U between two runs of the same case. */
export function findVolatileColumns(one: Trace | undefined, other: Trace | undefined): readonly string[] {
  const first = one === undefined ? undefined : momentOf(one, 'after-up')?.snapshot;
  const second = other === undefined ? undefined : momentOf(other, 'after-up')?.snapshot;
  if (first === undefined || second === undefined) return [];
  return [...first.tables.values()].flatMap((state) => {
    const twin = second.tables.get(state.table);
    if (twin === undefined || twin.digest === state.digest || twin.rowCount !== state.rowCount) return [];
    return state.columns
      .filter((column) => valuesOf(state, column) !== valuesOf(twin, column))
      .map((column) => `${state.table}.${column}`);
  });
}

function valuesOf(state: TableState, column: string): string {
  const at = state.columns.indexOf(column);
  const cells = (state.rows ?? []).map((row) => JSON.stringify(row[at] ?? null));
  return cells.toSorted(compareText).join('\n');
}
