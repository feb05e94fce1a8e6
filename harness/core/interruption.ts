/**
 * Stopping a script half-way: where it can be stopped, and what became of the attempt. A point is plain JSON, so that a counterexample keeps it.
 */
import type { TransactionMode } from './migration.ts';
import type { ScriptOutcome } from './trace.ts';

/**
 * Where inside a statement: while it waits for transactions that write to its table, for older snapshots, or for a lock of another
 * session; or right after a commit of its own (`DO`, `CALL`).
 */
type InsideKind = 'waits-for-writers' | 'waits-for-snapshots' | 'waits-for-lock' | 'commits';

/**
 * What becomes of the files when the process dies. On a server: nothing that a session sees. On SQLite: the rollback journal, or the
 * write-ahead log, stays as it is; the log loses half of its last frame, or the whole of it; the database file goes on without its log,
 * as a copy of it alone would; or what goes on is a copy of both that was made while the script still had them open.
 */
export type StopStorage =
  | 'server'
  | 'rollback-journal'
  | 'write-ahead-log'
  | 'torn-log'
  | 'shortened-log'
  | 'copy-without-log'
  | 'copy-in-the-middle';

export interface StopPoint {
  /** Statements that end before, from 0. */
  readonly after: number;
  /** Inside the statement that follows; null: between the two. */
  readonly inside: InsideKind | null;
  /** Which commit, from 1; 0 where `inside` is something else. */
  readonly nth: number;
  /** The session is terminated, its statement cancelled as a `statement_timeout` does it, or the whole server crashes and starts again. */
  readonly how: 'killed' | 'cancelled' | 'server-crash';
  readonly storage: StopStorage;
}

export interface StopPlan {
  /** Statements of the script. */
  readonly statements: number;
  /** In the order in which the script reaches them. */
  readonly points: readonly StopPoint[];
  /** Boundaries inside a transaction, where a kill leaves nothing: the last one before its end stands for them. */
  readonly represented: number;
  /** What cannot be interrupted, a sentence each. */
  readonly limits: readonly string[];
}

export type StopOutcome =
  | { readonly status: 'stopped' }
  /** It could not be stopped there; `reason` says why, and where it was stopped instead. */
  | { readonly status: 'missed'; readonly reason: string }
  /** The script failed before. */
  | { readonly status: 'failed'; readonly outcome: Exclude<ScriptOutcome, { status: 'completed' }> };

/** The statements of one chunk. */
type ChunkStatements = readonly { readonly text: string }[];

/**
 * For each boundary from 0 on, whether a transaction is open there, so that a kill undoes what it did. A script that its tool wraps has one
 * boundary more than statements: the last is after the tool's commit. `isOneCall`: the dialect runs a chunk of several statements as one
 * transaction.
 */
export function findOpenBoundaries(
  chunks: readonly ChunkStatements[],
  mode: TransactionMode,
  isOneCall: boolean,
): readonly boolean[] {
  let isOpen = mode === 'wrapped';
  const open = [isOpen];
  for (const chunk of chunks) {
    for (const [at, { text }] of chunk.entries()) {
      if (opens(text)) isOpen = true;
      else if (closes(text)) isOpen = false;
      const isInsideCall = isOneCall && mode === 'implicit' && at < chunk.length - 1;
      open.push(isOpen || (isInsideCall && !closes(text)));
    }
  }
  return mode === 'wrapped' && open.length > 1 ? [...open, false] : open;
}

function opens(text: string): boolean {
  return /^(?:begin|start\s+transaction|savepoint)\b/i.test(text);
}

function closes(text: string): boolean {
  return /^(?:commit|end|abort|release|rollback)\b/i.test(text) && !/^rollback\b[^;]*\bto\b/i.test(text);
}

/** The boundaries that are worth a kill: each where no transaction is open, and the last one before a transaction ends. The others are counted. */
export function chooseBoundaries(open: readonly boolean[]): {
  readonly boundaries: readonly number[];
  readonly represented: number;
} {
  const all = open.map((_, at) => at).slice(1);
  const boundaries = all.filter((at) => open[at] !== true || open[at + 1] !== true);
  return { boundaries, represented: all.length - boundaries.length };
}
