/**
 * Columns that U fills with values the data does not determine: two runs on the same data differ in them.
 * Comparing them would report the clock or chance, not the migration.
 */
import { type ClockWindow, isClockReading } from '../core/clock.ts';
import type { Cell } from '../core/dataset.ts';
import type { TableState } from '../core/snapshot.ts';
import { compareText } from '../core/text.ts';
import { momentOf, type Trace } from '../core/trace.ts';

/**
 * The columns (`table.column`) whose values differ after U between two runs of the same case, or would if the second run came later:
 * two runs within a second may read the same time from a clock.
 */
export function findVolatileColumns(
  one: Trace | undefined,
  other: Trace | undefined,
  clock: ClockWindow,
): readonly string[] {
  const first = one === undefined ? undefined : momentOf(one, 'after-up')?.snapshot;
  const second = other === undefined ? undefined : momentOf(other, 'after-up')?.snapshot;
  if (first === undefined || second === undefined) return [];
  return [...first.tables.values()].flatMap((state) => {
    const twin = second.tables.get(state.table);
    if (twin === undefined || twin.rowCount !== state.rowCount) return [];
    return state.columns
      .filter((column) => isVolatile(cellsOf(state, column), cellsOf(twin, column), clock))
      .map((column) => `${state.table}.${column}`);
  });
}

function isVolatile(one: readonly Cell[], other: readonly Cell[], clock: ClockWindow): boolean {
  return textOf(one) !== textOf(other) || one.some((cell) => isClockReading(cell, clock));
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
