/**
 * Where a script can be stopped on PostgreSQL: at its boundaries, and inside the statements that commit before they end.
 */
import type { Statement } from '../../core/dialect.ts';
import { chooseBoundaries, findOpenBoundaries } from '../../core/interruption.ts';
import type { StopPlan, StopPoint } from '../../core/interruption.ts';
import type { Script } from '../../core/migration.ts';
import { COMMIT_IN_BODY } from './commit-counter.ts';
import { splitScript } from './split.ts';

/** Commits of one statement that are stopped at; a loop may make more. */
const MOST_COMMITS = 6;
/** For a procedure that the script does not define. */
const UNKNOWN_COMMITS = 3;

type Inside = Pick<StopPoint, 'inside' | 'nth' | 'how'>;

const FOR_WRITERS: Inside = { inside: 'waits-for-writers', nth: 0, how: 'killed' };
const FOR_WRITERS_IN_TIME: Inside = { ...FOR_WRITERS, how: 'cancelled' };
const FOR_WRITERS_CRASH: Inside = { ...FOR_WRITERS, how: 'server-crash' };
const FOR_SNAPSHOTS: Inside = { inside: 'waits-for-snapshots', nth: 0, how: 'cancelled' };
const FOR_LOCK: Inside = { inside: 'waits-for-lock', nth: 0, how: 'killed' };
const FOR_LOCK_IN_TIME: Inside = { ...FOR_LOCK, how: 'cancelled' };

/** Statements that commit before they end, or that people fear do, with the waits in which they can be met. */
const KINDS: readonly { readonly pattern: RegExp; readonly insides: readonly Inside[] }[] = [
  {
    pattern: /^create\s+(?:unique\s+)?index\s+concurrently\b/i,
    insides: [FOR_WRITERS, FOR_SNAPSHOTS, FOR_WRITERS_CRASH],
  },
  { pattern: /^reindex\b(?=[\s\S]*\bconcurrently\b)/i, insides: [FOR_WRITERS, FOR_SNAPSHOTS, FOR_WRITERS_CRASH] },
  { pattern: /^drop\s+index\s+concurrently\b/i, insides: [FOR_WRITERS, FOR_WRITERS_IN_TIME, FOR_WRITERS_CRASH] },
  {
    pattern: /^alter\s+table\b(?=[\s\S]*\bdetach\s+partition\b[\s\S]*\bconcurrently\b)/i,
    insides: [FOR_WRITERS, FOR_WRITERS_IN_TIME],
  },
  { pattern: /^alter\s+table\b(?=[\s\S]*\bvalidate\s+constraint\b)/i, insides: [FOR_LOCK, FOR_LOCK_IN_TIME] },
];

/** Plans the stops of a script. Throws `PalindromeError` (`sql-syntax`) with the place in the file. */
export async function planStops(script: Script): Promise<StopPlan> {
  const chunks: (readonly Statement[])[] = [];
  for (const { text } of script.chunks) chunks.push(await splitScript({ file: script.file, text }));
  const statements = chunks.flat();
  if (statements.length === 0) return { statements: 0, points: [], represented: 0, limits: [] };
  const open = findOpenBoundaries(chunks, script.transaction, true);
  const { boundaries, represented } = chooseBoundaries(open);
  const isAlone = chunks.flatMap((chunk) => chunk.map(() => script.transaction === 'autocommit' || chunk.length === 1));
  const all = statements.flatMap((statement, at) =>
    open[at] === true || isAlone[at] !== true
      ? []
      : insidesOf(statement, statements).map((stop) => ({ ...stop, after: at, storage: 'server' as const })),
  );
  // What a crash leaves of a statement that waits is what it leaves of the next one of its kind.
  const firstCrash = all.find(({ how }) => how === 'server-crash');
  const inside = all.filter((stop) => stop.how !== 'server-crash' || stop === firstCrash);
  const crashed = crashesAt(boundaries, script.text);
  const between = boundaries.flatMap((after): readonly StopPoint[] => {
    const point = { after, inside: null, nth: 0, storage: 'server' } as const;
    return [{ ...point, how: 'killed' }, ...(crashed.has(after) ? [{ ...point, how: 'server-crash' } as const] : [])];
  });
  const points = [...inside, ...between].toSorted((a, b) => a.after - b.after || rank(a) - rank(b));
  return { statements: statements.length, points, represented, limits: limitsOf(inside) };
}

/**
 * Where the server crashes. Of what committed, a crash takes what a killed session does not: the rows of unlogged tables. A script that has
 * some meets it at every boundary, any other at the first, in the middle and at the last.
 */
function crashesAt(boundaries: readonly number[], text: string): ReadonlySet<number> {
  if (/\bunlogged\b/i.test(text)) return new Set(boundaries);
  return new Set([boundaries[0], boundaries[boundaries.length >> 1], boundaries.at(-1)].map((at) => at ?? 0));
}

/** Before what is inside the next statement comes the boundary itself. */
function rank({ inside, nth }: StopPoint): number {
  return inside === null ? 0 : 1 + nth;
}

function insidesOf({ text }: Statement, all: readonly Statement[]): readonly Inside[] {
  const kind = KINDS.find(({ pattern }) => pattern.test(text));
  if (kind !== undefined) return kind.insides;
  const commits = countCommits(text, all);
  return Array.from({ length: Math.min(commits, MOST_COMMITS) }, (_, at) => ({
    inside: 'commits',
    nth: at + 1,
    how: 'killed',
  }));
}

/** Commits that a statement may make; a loop makes more than are written, so one more is asked for. */
function countCommits(text: string, all: readonly Statement[]): number {
  if (/^do\b/i.test(text)) {
    const written = text.match(COMMIT_IN_BODY)?.length ?? 0;
    return written === 0 ? 0 : written + 1;
  }
  if (!/^call\b/i.test(text)) return 0;
  const procedures = all.filter((other) => /^create\s+(?:or\s+replace\s+)?procedure\b/i.test(other.text));
  const written = procedures.reduce((sum, other) => sum + (other.text.match(COMMIT_IN_BODY)?.length ?? 0), 0);
  return written === 0 ? (procedures.length === 0 ? UNKNOWN_COMMITS : 0) : written + 1;
}

function limitsOf(inside: readonly StopPoint[]): readonly string[] {
  return inside.some(({ inside: kind, nth }) => kind === 'commits' && nth === MOST_COMMITS)
    ? [`a statement that commits is stopped at its first ${MOST_COMMITS} commits`]
    : [];
}
