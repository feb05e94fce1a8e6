/** What judging a migration goes on from. */
import type { Property } from '../core/property.ts';
import type { Memory } from './plan.ts';
import type { Tally } from './tally.ts';

/** A memory over records. `restore` fills a record that was just made with what an earlier process kept of it. */
export function makeMemory(
  records = new Map<string, object>(),
  restore?: (name: string, made: object) => void,
): Memory {
  return {
    recall<Kept extends object>(name: string, make: () => Kept): Kept {
      const known = records.get(name) as Kept | undefined;
      if (known !== undefined) return known;
      const made = make();
      records.set(name, made);
      restore?.(name, made);
      return made;
    },
  };
}

/** The running record of a property, as far as earlier visits came. */
export function recallTally(memory: Memory, property: Property, make: () => Tally): Tally {
  return memory.recall(tallyName(property.id), make);
}

/** The name under which the record of a property is kept. */
export function tallyName(property: string): string {
  return `tally:${property}`;
}

/** Why a migration is not visited again. */
export interface GivenUp {
  reason: string | null;
}

/** Whether a search was given up, as a record. */
export function recallGivenUp(memory: Memory): GivenUp {
  return memory.recall<GivenUp>('given-up', () => ({ reason: null }));
}

/** Notes that scripts did not end again and again: another visit would cost as much and teach nothing. */
export function noteGiveUp(memory: Memory, reason: string | null): void {
  if (reason !== null) recallGivenUp(memory).reason = reason;
}
