/**
 * The runner: brings a database of the user's own forward and back, and keeps a ledger of what ran.
 *
 * It receives an open database (`LiveDatabase`), a set that was read, and what a person decided; what it does is told as events. Its one
 * invariant: before a script runs, everything that the ledger and the files say was compared, and what does not agree was refused with nothing
 * changed. It imports core alone; the dialects arrive as values.
 */
import type { Dialect, ExecutionLimits } from '../core/dialect.ts';
import type { BackupPolicy, BackupReport, LiveDatabase } from '../core/live.ts';
import type { Direction, Migration, MigrationSet } from '../core/migration.ts';
import type { ScriptOutcome } from '../core/trace.ts';

/** What a person decided about disagreements: ids or names of migrations. Each decision is written into the ledger. */
export interface Decisions {
  /** The file changed after it ran, and that is all right. */
  readonly acceptChanged: readonly string[];
  /** The ledger names it, its file is gone, and that is all right. */
  readonly acceptMissing: readonly string[];
  /** It is pending though a later one ran, and may run now. */
  readonly acceptOutOfOrder: readonly string[];
  /** Its effect is in the database, by hand or from before there was a ledger. */
  readonly markApplied: readonly string[];
  /** Its effect is not in the database (any more). */
  readonly markPending: readonly string[];
}

export const NO_DECISIONS: Decisions = {
  acceptChanged: [],
  acceptMissing: [],
  acceptOutOfOrder: [],
  markApplied: [],
  markPending: [],
};

/** One script that will run, or would. */
export interface Step {
  readonly direction: Direction;
  readonly migration: Migration;
  /** How it goes back: `script`, or `inferred` where it has no down and an inferred drop was allowed. Forward always `script`. */
  readonly by: 'script' | 'inferred';
  /** Whether it commits together with the ledger. Where not, a kill in the middle leaves half a migration that is recognised later. */
  readonly isAtomic: boolean;
}

export type RunnerEvent =
  | { readonly type: 'lock-waiting' }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'planned'; readonly steps: readonly Step[]; readonly isDryRun: boolean }
  | { readonly type: 'backup-made'; readonly backup: BackupReport }
  | { readonly type: 'backups-removed'; readonly files: readonly string[] }
  | { readonly type: 'step-started'; readonly step: Step; readonly number: number; readonly of: number }
  | { readonly type: 'step-finished'; readonly step: Step; readonly durationMs: number }
  | { readonly type: 'step-failed'; readonly step: Step; readonly failure: StepFailure };

/** Why a script or a drop did not end well, and what it left. */
export interface StepFailure {
  readonly outcome: Exclude<ScriptOutcome, { status: 'completed' }> | null;
  /** For an inferred drop: why it was refused. */
  readonly reasons: readonly string[];
  /** `nothing`: the database is as it was before the step. `half`: statements before the failing one were committed. */
  readonly left: 'nothing' | 'half';
}

export interface RunnerContext {
  readonly set: MigrationSet;
  readonly dialect: Dialect;
  readonly live: LiveDatabase;
  readonly limits: ExecutionLimits;
  readonly decisions: Decisions;
  readonly isDryRun: boolean;
  readonly lockTimeoutMs: number;
  /** SQLite: null makes no backup. */
  readonly backup: BackupPolicy | null;
  readonly signal: AbortSignal;
  readonly emit: (event: RunnerEvent) => void;
  /** Asked once, before anything is written. False: nothing is done. */
  readonly confirm: (steps: readonly Step[]) => Promise<boolean>;
}

export interface RunReport {
  readonly steps: readonly Step[];
  /** How many of the steps were done. */
  readonly done: number;
  readonly failure: StepFailure | null;
  readonly backup: BackupReport | null;
  /** `declined`: the person said no. */
  readonly ended: 'done' | 'dry-run' | 'failed' | 'interrupted' | 'declined';
}
