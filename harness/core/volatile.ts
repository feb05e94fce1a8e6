/**
 * Columns whose values the data does not determine: two runs of the same script on the same rows differ in them.
 */
import { type ClockWindow, isClockReading } from './clock.ts';
import type { Cell } from './dataset.ts';
import type { Snapshot, TableState } from './snapshot.ts';
import { compareText } from './text.ts';

/**
 * The columns (`table.column`) in which two states differ that came from the same rows, or would differ if the second run came later:
 * two runs within a second may read the same time from a clock. Tables with different numbers of rows say nothing.
 */
export function volatileColumnsOf(one: Snapshot, other: Snapshot, clock: ClockWindow | null): readonly string[] {
  return [...one.tables.values()].flatMap((state) => {
    const twin = other.tables.get(state.table);
    if (twin === undefined || twin.rowCount !== state.rowCount) return [];
    return state.columns
      .filter((column) => isVolatile(cellsOf(state, column), cellsOf(twin, column), clock))
      .map((column) => `${state.table}.${column}`);
  });
}

function isVolatile(one: readonly Cell[], other: readonly Cell[], clock: ClockWindow | null): boolean {
  return textOf(one) !== textOf(other) || (clock !== null && one.some((cell) => isClockReading(cell, clock)));
}

function cellsOf(state: TableState, column: string): readonly Cell[] {
  const at = state.columns.indexOf(column);
  return (state.rows ?? []).map((row) => row[at] ?? null);
}

function textOf(cells: readonly Cell[]): string {
  return cells
    .map((cell) => JSON.stringify(cell))
    .toSorted(compareText)
    .join('\n');
}
