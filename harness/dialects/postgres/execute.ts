/**
 * Runs a script as its layout's tool would (`TransactionMode`), and says which statement failed.
 * Its one invariant: what the SQL does is an outcome; only the loss of the server is thrown.
 */
import { DatabaseError } from 'pg';
import type { Client } from 'pg';
import type { ExecutionLimits, Statement } from '../../core/dialect.ts';
import { placeAt } from '../../core/errors.ts';
import type { Script } from '../../core/migration.ts';
import type { DatabaseFault, ScriptOutcome, StatementRef } from '../../core/trace.ts';
import { toFault } from './faults.ts';
import { utf16Offset } from './grammar.ts';
import { sendGuarded } from './guard.ts';
import type { Canceller, GuardedResult, Limits } from './guard.ts';
import { refuseBackslashCommands, splitUnchecked } from './split.ts';

/** A text sent in one call, with the statements in it. */
export interface Call {
  readonly text: string;
  readonly copyData: string | null;
  /** Indexes into the script's statements: from (inclusive) and to (exclusive). */
  readonly from: number;
  readonly to: number;
  /** Where the text starts in the script. */
  readonly offset: number;
}

/** A script, split into the calls in which it is sent. */
export interface Plan {
  readonly script: Script;
  readonly statements: readonly Statement[];
  readonly calls: readonly Call[];
}

type Ended = Exclude<ScriptOutcome, { status: 'completed' }>;

/**
 * Runs a script in a clean session. The caller closes the session's leftovers afterwards, whatever the outcome.
 * `inside` is SQL that runs last in the script's one transaction: for `wrapped` scripts, and `implicit` ones of one chunk.
 */
export async function executeScript(
  client: Client,
  script: Script,
  limits: ExecutionLimits,
  canceller: Canceller,
  inside: string | null = null,
): Promise<ScriptOutcome> {
  const plan = planScript(script);
  const started = performance.now();
  const guard: Limits = { ...limits, deadline: started + limits.scriptMs };
  const elapsed = () => Math.round(performance.now() - started);
  const send = (call: Call) => sendGuarded(client, call.text, call.copyData, guard, canceller);

  const calls = script.transaction === 'wrapped' ? wrap(plan.calls, inside) : append(plan.calls, inside);
  for (const call of calls) {
    const result = await send(call);
    if (result.status === 'error') return ended(plan, call, result, elapsed());
  }
  return { status: 'completed', statements: plan.statements.length, durationMs: elapsed() };
}

/** Splits a script as it will be sent. Throws `PalindromeError` (`psql-command`) for what psql would obey and this project does not. */
export function planScript(script: Script): Plan {
  if (script.transaction !== 'autocommit') return planChunks(script);
  refuseBackslashCommands(script);
  return planStatements(script);
}

/** How a call that failed is told, where no time was measured. */
export function failureOf(plan: Plan, call: Call, result: Extract<GuardedResult, { status: 'error' }>): Ended {
  return ended(plan, call, result, 0);
}

function wrap(calls: readonly Call[], inside: string | null): Call[] {
  const end = calls.at(-1)?.to ?? 0;
  const last = inside === null ? [] : [bareCall(inside, end)];
  return [bareCall('BEGIN', 0), ...calls, ...last, bareCall('COMMIT', end)];
}

/** The statements of one simple query share its implicit transaction. */
function append(calls: readonly Call[], inside: string | null): readonly Call[] {
  const last = calls.at(-1);
  if (inside === null || last === undefined) return calls;
  return [...calls.slice(0, -1), { ...last, text: `${last.text}\n;\n${inside}` }];
}

function bareCall(text: string, at: number): Call {
  return { text, copyData: null, from: at, to: at, offset: 0 };
}

function planStatements(script: Script): Plan {
  const parts = script.chunks.map((chunk) => ({ chunk, statements: splitUnchecked(chunk.text) }));
  const statements = parts.flatMap(({ chunk, statements: own }) =>
    own.map((statement) => ({ ...statement, offset: chunk.offset + statement.offset })),
  );
  const calls = statements.map(({ text, copyData, offset }, at) => ({ text, copyData, from: at, to: at + 1, offset }));
  return { script, statements, calls };
}

function planChunks(script: Script): Plan {
  const statements: Statement[] = [];
  const calls = script.chunks.map((chunk): Call => {
    const from = statements.length;
    for (const statement of splitUnchecked(chunk.text)) {
      statements.push({ ...statement, offset: chunk.offset + statement.offset });
    }
    return { text: chunk.text, copyData: null, from, to: statements.length, offset: chunk.offset };
  });
  return { script, statements, calls };
}

function ended(plan: Plan, call: Call, result: Extract<GuardedResult, { status: 'error' }>, durationMs: number): Ended {
  const index = failingIndex(plan, call, result);
  const at = index === null ? null : refer(plan, index);
  if (result.exceededMs !== null) return { status: 'timed-out', limitMs: result.exceededMs, at, durationMs };
  const command = index === null ? null : (plan.statements[index]?.command ?? null);
  return { status: 'failed', fault: faultOf(result.error, command), at, durationMs };
}

/** An error without a SQLSTATE means that the session died; that the server still lives is the caller's to find out. */
function faultOf(error: Error, command: string | null): DatabaseFault {
  if (error instanceof DatabaseError) return toFault(error, command);
  const none = { detail: null, hint: null, constraint: null, table: null, column: null };
  return { code: '08006', class: 'other', message: `the session ended: ${error.message}`, ...none };
}

/**
 * The server runs the statements of one call in order and reports each that completes, so the failing one is the next;
 * only text that does not parse fails before the first, and then the error has a position.
 */
function failingIndex(plan: Plan, call: Call, result: Extract<GuardedResult, { status: 'error' }>): number | null {
  if (call.from === call.to) return null;
  const position = result.error instanceof DatabaseError ? result.error.position : undefined;
  // All of the script's own statements completed: what failed was appended to them.
  if (result.completed >= call.to - call.from) return null;
  if (result.completed === 0 && position !== undefined) {
    const offset = call.offset + utf16Offset(call.text, Number(position) - 1);
    for (let index = call.to - 1; index > call.from; index--) {
      if ((plan.statements[index]?.offset ?? Infinity) <= offset) return index;
    }
    return call.from;
  }
  return Math.min(call.from + result.completed, call.to - 1);
}

function refer({ script, statements }: Plan, index: number): StatementRef | null {
  const statement = statements[index];
  if (statement === undefined) return null;
  const { line, column } = placeAt(script.file, script.text, statement.offset);
  return { file: script.file, number: index + 1, of: statements.length, line, column, text: statement.text };
}
