/**
 * What happened while a scenario drove one database: the scripts that ran, how each ended, and a snapshot after each.
 */
import type { Row } from './dataset.ts';
import type { Evidence } from './evidence.ts';
import type { Direction } from './migration.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * The kind of database error, classified by SQLSTATE or SQLite's extended code, never by message text.
 * `already-exists` and `missing-object` are what a script that is not idempotent meets on its second run.
 */
export type FaultClass =
  | 'not-null'
  | 'unique'
  | 'foreign-key'
  | 'check'
  | 'exclusion'
  | 'other-constraint'
  | 'value'
  | 'already-exists'
  | 'missing-object'
  | 'dependent-objects'
  | 'syntax'
  | 'permission'
  | 'raised'
  | 'deadlock'
  | 'timeout'
  | 'transaction-state'
  | 'missing-extension'
  /** A SQL function that the application registers, and that this database does not have. */
  | 'missing-function'
  | 'other';

/** An error that the database reported for a statement. */
export interface DatabaseFault {
  /** SQLSTATE (`23505`) or SQLite's extended result code (`SQLITE_CONSTRAINT_UNIQUE`). */
  readonly code: string;
  readonly class: FaultClass;
  readonly message: string;
  readonly detail: string | null;
  readonly hint: string | null;
  /** Names as the database gives them; null where it does not. */
  readonly constraint: string | null;
  readonly table: string | null;
  readonly column: string | null;
}

/** A statement of a script, for pointing at. */
export interface StatementRef {
  readonly file: string;
  /** Counts from 1 within the script. */
  readonly number: number;
  readonly of: number;
  /** Line of the statement's first token in the file, from 1. */
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

export type ScriptOutcome =
  | { readonly status: 'completed'; readonly statements: number; readonly durationMs: number }
  | {
      readonly status: 'failed';
      readonly fault: DatabaseFault;
      /** Null where the database does not say which (a multi-statement query). */ readonly at: StatementRef | null;
      readonly durationMs: number;
    }
  /** A statement or the whole script exceeded its limit and was cancelled. */
  | {
      readonly status: 'timed-out';
      readonly limitMs: number;
      readonly at: StatementRef | null;
      readonly durationMs: number;
    };

/** The moments of the standard trajectory. A scenario may end before the later ones. */
export const MOMENTS = [
  'before',
  'after-up',
  'after-writes',
  'after-down',
  'after-reup',
  'after-up-again',
  'after-last-down',
  'after-down-again',
] as const;
export type MomentName = (typeof MOMENTS)[number];

/** What a conserved query returned at a moment. */
export interface ConservedRows {
  readonly id: string;
  readonly columns: readonly string[];
  /** In order of their text: what the query orders by does not count. */
  readonly rows: readonly Row[];
}

/** Rows that an invariant's query returned at a moment: each breaks it. */
export interface InvariantViolation {
  readonly invariant: string;
  readonly columns: readonly string[];
  /** At most ten are kept. */
  readonly rows: readonly Row[];
}

export interface Moment {
  readonly name: MomentName;
  /** The script that led here; null for `before`. */
  readonly step: { readonly direction: Direction; readonly outcome: ScriptOutcome } | null;
  readonly snapshot: Snapshot;
  /** Invariants that were asked here and are broken. */
  readonly violations: readonly InvariantViolation[];
  /** Ids of the invariants that were asked here. */
  readonly invariantsAsked: readonly string[];
  /** What is to be conserved across the migration, as it is here; absent where it was not asked. */
  readonly conserved?: readonly ConservedRows[] | undefined;
}

export interface Trace {
  readonly scenario: string;
  readonly moments: readonly Moment[];
  /** Why the scenario ended before its last moment; null where it did not. */
  readonly endedEarly: string | null;
  /** Rows that declared preconditions named before U: where there are any, U may refuse. */
  readonly preconditionRows: number;
  /** What a scenario of its own saw beside the moments; null for the standard trajectory and the chain. */
  readonly evidence: Evidence | null;
}

/** The moment of that name, if the scenario came that far. */
export function momentOf(trace: Trace, name: MomentName): Moment | undefined {
  return trace.moments.find((moment) => moment.name === name);
}
