/**
 * Observing a database at a moment: its snapshot, and the invariants that apply there.
 */
import type { Database } from '../core/dialect.ts';
import { PalindromeError } from '../core/errors.ts';
import type { InvariantViolation, Moment, MomentName } from '../core/trace.ts';

/** An invariant as asked at a moment. */
export interface AskedInvariant {
  readonly id: string;
  readonly sql: string;
}

export interface ObserverOptions {
  readonly database: Database;
  readonly maxRowsPerTable: number;
  readonly projections: readonly { readonly table: string; readonly sql: string }[];
  /** Invariants that hold of the state before the migration, and of the state after it. */
  readonly invariantsBefore: readonly AskedInvariant[];
  readonly invariantsAfter: readonly AskedInvariant[];
  readonly queryLimitMs: number;
}

export interface Observer {
  observe(name: MomentName, step: Moment['step']): Promise<Moment>;
}

const MOMENTS_BEFORE_UP: ReadonlySet<MomentName> = new Set([
  'before',
  'after-down',
  'after-last-down',
  'after-down-again',
]);
const MAX_VIOLATIONS = 10;

/** Makes an observer of one database. An invariant whose query fails throws `PalindromeError` of kind `usage`. */
export function makeObserver(options: ObserverOptions): Observer {
  return {
    async observe(name, step) {
      const { database, maxRowsPerTable } = options;
      const projections = name === 'before' ? options.projections : [];
      const snapshot = await database.capture({ maxRowsPerTable, projections });
      const asked = invariantsAt(name, step, options);
      const violations: InvariantViolation[] = [];
      for (const invariant of asked) violations.push(...(await askInvariant(invariant, name, options)));
      return { name, step, snapshot, violations, invariantsAsked: asked.map(({ id }) => id) };
    },
  };
}

/** After a step that failed, the state is in between: nothing is claimed of it. */
function invariantsAt(name: MomentName, step: Moment['step'], options: ObserverOptions): readonly AskedInvariant[] {
  const isRerun = name === 'after-up-again' || name === 'after-down-again';
  if (step !== null && step.outcome.status !== 'completed' && !isRerun) return [];
  return MOMENTS_BEFORE_UP.has(name) ? options.invariantsBefore : options.invariantsAfter;
}

async function askInvariant(
  invariant: AskedInvariant,
  at: MomentName,
  options: ObserverOptions,
): Promise<InvariantViolation[]> {
  const result = await options.database.query(invariant.sql, MAX_VIOLATIONS, options.queryLimitMs);
  if (result.status === 'failed') {
    throw new PalindromeError(
      'invariant-fails',
      `The query of invariant "${invariant.id}" fails (${at}): ${result.fault.message}`,
      {
        hint: 'Give `from` and `until` so that it is asked only where its tables exist.',
      },
    );
  }
  return result.rows.length === 0 ? [] : [{ invariant: invariant.id, columns: result.columns, rows: result.rows }];
}
