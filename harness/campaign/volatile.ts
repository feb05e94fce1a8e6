/**
 * Columns that U fills with values the data does not determine: two runs on the same data differ in them.
 * Comparing them would report the clock or chance, not the migration.
 */
import type { ClockWindow } from '../core/clock.ts';
import { volatileColumnsOf } from '../core/volatile.ts';
import { momentOf, type Trace } from '../core/trace.ts';

/** The columns (`table.column`) that are volatile after U, by two runs of the same case. */
export function findVolatileColumns(
  one: Trace | undefined,
  other: Trace | undefined,
  clock: ClockWindow,
): readonly string[] {
  const first = one === undefined ? undefined : momentOf(one, 'after-up')?.snapshot;
  const second = other === undefined ? undefined : momentOf(other, 'after-up')?.snapshot;
  return first === undefined || second === undefined ? [] : volatileColumnsOf(first, second, clock);
}
