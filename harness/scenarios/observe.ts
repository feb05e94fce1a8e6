/**
 * Observing a database at a moment: its snapshot, the invariants that apply there, and what is to be conserved.
 */
import type { Database, QueryResult } from '../core/dialect.ts';
import { messageOf, PalindromeError } from '../core/errors.ts';
import type { InvariantCheck } from '../core/invariant.ts';
import { compareText } from '../core/text.ts';
import type { ConservedRows, InvariantViolation, Moment, MomentName } from '../core/trace.ts';

/** An invariant as asked at a moment. */
export interface AskedInvariant {
  readonly id: string;
  readonly ask: string | InvariantCheck;
}

/** What is to be conserved, as asked in the schema before the migration and in the one after it. */
export interface AskedConservation {
  readonly id: string;
  readonly before: string;
  readonly after: string;
}

export interface ObserverOptions {
  readonly database: Database;
  readonly maxRowsPerTable: number;
  readonly projections: readonly { readonly table: string; readonly sql: string }[];
  /** Invariants that hold of the state before the migration, and of the state after it. */
  readonly invariantsBefore: readonly AskedInvariant[];
  readonly invariantsAfter: readonly AskedInvariant[];
  readonly conservations: readonly AskedConservation[];
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
/** Where a function or a conserved query wants more, it should sum up. */
const MAX_ROWS = 10_000;

/** Makes an observer of one database. What cannot be asked throws `PalindromeError` (`invariant-fails`) of kind `usage`. */
export function makeObserver(options: ObserverOptions): Observer {
  return {
    async observe(name, step) {
      const { database, maxRowsPerTable } = options;
      const projections = name === 'before' ? options.projections : [];
      const snapshot = await database.capture({ maxRowsPerTable, projections });
      const isBefore = MOMENTS_BEFORE_UP.has(name);
      const isSettled = isAskable(name, step);
      const asked = !isSettled ? [] : isBefore ? options.invariantsBefore : options.invariantsAfter;
      const violations: InvariantViolation[] = [];
      for (const invariant of asked) violations.push(...(await askInvariant(invariant, name, options)));
      const conserved: ConservedRows[] = [];
      for (const { id, before, after } of isSettled ? options.conservations : [])
        conserved.push(await askConservation(id, isBefore ? before : after, name, options));
      return { name, step, snapshot, violations, invariantsAsked: asked.map(({ id }) => id), conserved };
    },
  };
}

/** After a step that failed, the state is in between: nothing is claimed of it. */
function isAskable(name: MomentName, step: Moment['step']): boolean {
  const isRerun = name === 'after-up-again' || name === 'after-down-again';
  return step === null || step.outcome.status === 'completed' || isRerun;
}

async function askInvariant(
  { id, ask }: AskedInvariant,
  at: MomentName,
  options: ObserverOptions,
): Promise<InvariantViolation[]> {
  if (typeof ask !== 'string') return callCheck(id, ask, at, options);
  const result = await askQuery(`The query of invariant "${id}"`, ask, MAX_VIOLATIONS, at, options);
  return result.rows.length === 0 ? [] : [{ invariant: id, columns: result.columns, rows: result.rows }];
}

async function askConservation(
  id: string,
  sql: string,
  at: MomentName,
  options: ObserverOptions,
): Promise<ConservedRows> {
  const result = await askQuery(`The query of "${id}", which is to be conserved,`, sql, MAX_ROWS, at, options);
  requireAll(`The query of "${id}", which is to be conserved,`, result.rowCount);
  const ordered = result.rows.map((row) => ({ row, text: JSON.stringify(row) }));
  return {
    id,
    columns: result.columns,
    rows: ordered.toSorted((a, b) => compareText(a.text, b.text)).map(({ row }) => row),
  };
}

async function callCheck(
  id: string,
  check: InvariantCheck,
  at: MomentName,
  options: ObserverOptions,
): Promise<InvariantViolation[]> {
  const what = `The query of invariant "${id}"`;
  let broken: unknown;
  try {
    broken = await check({
      async query(sql) {
        const { columns, rows, rowCount } = await askQuery(what, sql, MAX_ROWS, at, options);
        requireAll(what, rowCount);
        return rows.map((row) => Object.fromEntries(columns.map((column, place) => [column, row[place] ?? null])));
      },
    });
  } catch (error) {
    if (error instanceof PalindromeError) throw error;
    throw new PalindromeError(
      'invariant-fails',
      `The function of invariant "${id}" throws (${at}): ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
  if (!Array.isArray(broken) || broken.some((row) => typeof row !== 'object' || row === null))
    throw new PalindromeError(
      'invariant-fails',
      `The function of invariant "${id}" returned no list of rows (${at}).`,
      {
        hint: 'It returns the rows that break the law, each an object by column; an empty list where it holds.',
      },
    );
  return violationOf(id, broken as readonly Readonly<Record<string, unknown>>[]);
}

function violationOf(id: string, broken: readonly Readonly<Record<string, unknown>>[]): InvariantViolation[] {
  if (broken.length === 0) return [];
  const columns = [...new Set(broken.flatMap((row) => Object.keys(row)))];
  const rows = broken.slice(0, MAX_VIOLATIONS).map((row) => columns.map((column) => showValue(row[column])));
  return [{ invariant: id, columns, rows }];
}

function showValue(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value) : `${value as bigint | boolean | number}`;
}

async function askQuery(
  what: string,
  sql: string,
  maxRows: number,
  at: MomentName,
  { database, queryLimitMs }: ObserverOptions,
): Promise<Extract<QueryResult, { status: 'rows' }>> {
  const result = await database.query(sql, maxRows, queryLimitMs);
  if (result.status === 'rows') return result;
  throw new PalindromeError('invariant-fails', `${what} fails (${at}): ${result.fault.message}`, {
    hint: 'Give `from` and `until` so that it is asked only where its tables exist.',
  });
}

function requireAll(what: string, rowCount: number): void {
  if (rowCount <= MAX_ROWS) return;
  throw new PalindromeError('invariant-fails', `${what} returns ${rowCount} rows; at most ${MAX_ROWS} are compared.`, {
    hint: 'Sum them up, by groups where that matters.',
  });
}
