/**
 * Swarm testing (Groce et al., 2012): each case leaves some kinds of value out altogether, so that what they would hide shows.
 */
import type { Draw } from '../draw.ts';

export interface Mood {
  /** How often a nullable column is NULL, percent. */
  readonly nullPercent: number;
  /** How often a value repeats one of the same column, percent. */
  readonly tiePercent: number;
  /** Shares of human-looking, edge and plain values, adding up to 100. */
  readonly human: number;
  readonly edge: number;
  /** How often a column with a default is left to it as a whole, percent. */
  readonly omitPercent: number;
  /** Some tables stay empty. */
  readonly leavesEmpty: boolean;
}

const MIXED: Mood = { nullPercent: 20, tiePercent: 12, human: 48, edge: 28, omitPercent: 6, leavesEmpty: false };

/** One mood for each place in a cycle of eight; index 0 is a case that a person would write. */
const CYCLE: readonly Mood[] = [
  { ...MIXED, human: 70, edge: 15, omitPercent: 0 },
  { ...MIXED, nullPercent: 0 },
  { ...MIXED, human: 0, edge: 85, tiePercent: 5 },
  { ...MIXED, nullPercent: 100 },
  { ...MIXED, tiePercent: 85 },
  { ...MIXED, human: 100, edge: 0, omitPercent: 0 },
  MIXED,
  { ...MIXED, leavesEmpty: true, omitPercent: 25 },
];

/** The mood of a case. */
export function moodOf(index: number): Mood {
  return CYCLE[index % CYCLE.length] ?? MIXED;
}

/** How many rows a table gets: one in the first case, mostly up to three, a few more later on. */
export function rowCount(index: number, draw: Draw, limit: number): number {
  if (index === 0) return Math.min(1, limit);
  const ceiling = index < 8 ? 3 : index < 40 ? 4 : 5;
  const most = index >= 8 && draw.chance(8) ? 10 : ceiling;
  return Math.min(limit, draw.integer(1, most));
}
