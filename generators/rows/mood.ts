/**
 * Swarm testing (Groce et al., 2012): each case leaves some kinds of value out altogether, so that what they would hide shows.
 */
import type { SwarmTrait } from '../../harness/core/case.ts';
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
  /** Rows that refer to a table all refer to its first row that fits. */
  readonly oneParent?: boolean;
  /** Texts are as long as their columns allow, up to thousands of characters. */
  readonly hugeTexts?: boolean;
  /** Numbers lie around zero. */
  readonly smallNumbers?: boolean;
  /** Rows of each table; absent: by the case's index. */
  readonly rows?: 'one' | 'many';
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

const TRAITS: Readonly<Record<SwarmTrait, Partial<Mood>>> = {
  'no-nulls': { nullPercent: 0 },
  'all-nulls': { nullPercent: 100 },
  'only-ties': { tiePercent: 97 },
  'no-ties': { tiePercent: 0 },
  'one-parent': { oneParent: true },
  'huge-texts': { hugeTexts: true },
  'only-edges': { human: 0, edge: 100 },
  'only-plain': { human: 100, edge: 0 },
  'small-numbers': { smallNumbers: true },
  'many-rows': { rows: 'many' },
  'one-row': { rows: 'one', leavesEmpty: false },
  'defaults-left': { omitPercent: 60 },
};

/** The mood of a case: of its index, with the traits of its swarm over it. */
export function moodOf(index: number, swarm: readonly SwarmTrait[] = []): Mood {
  const mood = CYCLE[index % CYCLE.length] ?? MIXED;
  return swarm.reduce((made, trait) => ({ ...made, ...TRAITS[trait] }), mood);
}

/** How many rows a table gets: one in the first case, mostly up to three, a few more later on. */
export function rowCount(index: number, draw: Draw, limit: number, { rows }: Pick<Mood, 'rows'> = {}): number {
  if (rows === 'one') return Math.min(1, limit);
  if (rows === 'many') return Math.min(limit, draw.integer(6, 12));
  if (index === 0) return Math.min(1, limit);
  const ceiling = index < 8 ? 3 : index < 40 ? 4 : 5;
  const most = index >= 8 && draw.chance(8) ? 10 : ceiling;
  return Math.min(limit, draw.integer(1, most));
}
