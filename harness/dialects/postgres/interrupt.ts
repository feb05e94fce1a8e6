/**
 * Runs a script up to a point and ends its session there, or the whole server. Waits are real: another session holds what the statement
 * waits for, the server says that it waits, and only then is it ended. Nothing depends on how fast anything is.
 */
import { DatabaseError } from 'pg';
import type { Client } from 'pg';
import type { Row } from '../../core/dataset.ts';
import type { ExecutionLimits } from '../../core/dialect.ts';
import type { StopOutcome, StopPoint } from '../../core/interruption.ts';
import type { Script } from '../../core/migration.ts';
import { countCommitsSql, instrumentCommits } from './commit-counter.ts';
import { failureOf, planScript } from './execute.ts';
import type { Call, Plan } from './execute.ts';
import { sendGuarded } from './guard.ts';
import type { Canceller, Limits } from './guard.ts';

/** Sessions of one interruption, each of its own. */
export interface InterruptSessions {
  /** Runs the script, and dies. */
  readonly victim: Client;
  /** Holds what a statement is to wait for, or puts back what was instrumented. */
  readonly another: () => Promise<Client>;
}

/** The server as a whole: looks at sessions, and ends them. */
interface ServerHost extends Canceller {
  ask(sql: string): Promise<readonly Row[]>;
  crash(): Promise<void>;
}

/** How long the server may take to end a session, and a statement to begin to wait. */
const PATIENCE_MS = 10_000;
const POLL_MS = 5;
const SESSION_TERMINATED = '57P01';
const TERMINATE = 'pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid())';
const KILL_SELF = `SELECT ${TERMINATE}`;
const KILL_FROM_BODY = `PERFORM ${TERMINATE}`;

interface Run {
  readonly sessions: InterruptSessions;
  readonly script: Script;
  readonly plan: Plan;
  readonly guard: Limits;
  readonly host: ServerHost;
  readonly pid: number;
}

/** Stops the script at the point. The victim's session has ended on the server when this returns. */
export async function interruptScript(
  sessions: InterruptSessions,
  script: Script,
  limits: ExecutionLimits,
  point: StopPoint,
  host: ServerHost,
): Promise<StopOutcome> {
  const guard: Limits = { ...limits, deadline: performance.now() + limits.scriptMs };
  const { processID } = sessions.victim as Client & { readonly processID: number | null };
  const run: Run = { sessions, script, plan: planScript(script), guard, host, pid: processID ?? 0 };
  for (const call of callsUntil(run.plan, script, point.after)) {
    const result = await sendGuarded(sessions.victim, call.text, call.copyData, guard, host);
    if (result.status === 'ok' || call.endsSession) continue;
    return { status: 'failed', outcome: failureOf(run.plan, call, result) };
  }
  const outcome = point.inside === null ? null : await stopInside(run, point);
  const hasFailed = outcome?.status === 'failed';
  const isWaiting = point.inside !== null && point.inside !== 'commits';
  // While a statement waits the server crashed already.
  if (hasFailed || point.how !== 'server-crash') await endSession(run);
  else if (!isWaiting) await host.crash();
  return outcome ?? { status: 'stopped' };
}

interface EndingCall extends Call {
  /** The session ends with it. */
  readonly endsSession: boolean;
}

/** What is sent for the first `after` statements: whole calls, and of the one that holds the boundary the part before it. */
function callsUntil(plan: Plan, script: Script, after: number): readonly EndingCall[] {
  const { statements, calls } = plan;
  const sent = calls.flatMap((call): EndingCall[] => {
    if (call.to <= after) return [{ ...call, endsSession: false }];
    const last = statements[after - 1];
    if (call.from >= after || last === undefined) return [];
    const part = call.text.slice(0, last.offset + last.text.length - call.offset);
    // In one simple query, everything so far hangs on a commit that never comes.
    if (script.transaction === 'implicit') return [{ ...call, text: `${part}\n;\n${KILL_SELF}`, endsSession: true }];
    return [{ ...call, text: part, to: after, endsSession: false }];
  });
  if (script.transaction !== 'wrapped') return sent;
  return [bare('BEGIN'), ...sent, ...(after > statements.length ? [bare('COMMIT')] : [])];
}

function bare(text: string): EndingCall {
  return { text, copyData: null, from: 0, to: 0, offset: 0, endsSession: false };
}

async function stopInside(run: Run, point: StopPoint): Promise<StopOutcome | null> {
  const statement = run.plan.statements[point.after];
  const call = run.plan.calls.find(({ from }) => from === point.after);
  if (statement === undefined || call === undefined) return { status: 'missed', reason: 'there is no such statement' };
  return point.inside === 'commits'
    ? stopAtCommit(run, call, statement.text, point.nth)
    : stopWaiting(run, call, point);
}

async function stopWaiting(run: Run, call: Call, { inside, how }: StopPoint): Promise<StopOutcome | null> {
  const { sessions, guard, host, pid } = run;
  const blocker = await sessions.another();
  try {
    await hold(blocker, inside);
    const sent = sendGuarded(sessions.victim, call.text, null, guard, host);
    let hasEnded = false;
    const settled = sent.finally(() => {
      hasEnded = true;
    });
    await Promise.race([settled, untilItWaits(run, () => hasEnded)]);
    if (!hasEnded) {
      if (how === 'server-crash') await host.crash();
      else
        await host.ask(
          `SELECT pg_catalog.${how === 'cancelled' ? 'pg_cancel_backend' : 'pg_terminate_backend'}(${pid})`,
        );
      await sent;
      return null;
    }
    const result = await sent;
    if (result.status === 'error') return { status: 'failed', outcome: failureOf(run.plan, call, result) };
    if (how === 'server-crash') await host.crash();
    return { status: 'missed', reason: 'it ended without waiting, and was stopped after it' };
  } finally {
    await blocker.query('ROLLBACK').catch(() => undefined);
  }
}

/** Takes what the statement will wait for. */
async function hold(blocker: Client, inside: StopPoint['inside']): Promise<void> {
  if (inside === 'waits-for-snapshots') {
    // A snapshot that is kept makes index builds wait in their last phase, as a long report does.
    await blocker.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM pg_catalog.pg_class');
    return;
  }
  const mode = inside === 'waits-for-writers' ? 'ROW EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE';
  const { rows } = await blocker.query<{ tables: string | null }>(
    `SELECT pg_catalog.string_agg(pg_catalog.format('%I.%I', n.nspname, c.relname), ', ') AS tables
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'`,
  );
  await blocker.query('BEGIN');
  const tables = rows[0]?.tables ?? null;
  if (tables !== null) await blocker.query(`LOCK TABLE ${tables} IN ${mode} MODE`);
}

/** Until the server says that the session waits for another. A statement that is still busy after that long is interrupted as it is. */
async function untilItWaits({ host, pid }: Run, hasEnded: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline && !hasEnded()) {
    const rows = await host.ask(`SELECT FROM pg_catalog.pg_locks WHERE pid = ${pid} AND NOT granted LIMIT 1`);
    if (rows.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Counts the statement's own commits, and ends the session right after the one that is asked for. */
async function stopAtCommit(run: Run, call: Call, text: string, nth: number): Promise<StopOutcome | null> {
  const { sessions, guard, host } = run;
  const { victim } = sessions;
  const isBlock = /^do\b/i.test(text);
  const originals = isBlock ? [] : await instrumentProcedures(victim);
  const sent = isBlock ? instrumentCommits(call.text, KILL_FROM_BODY) : call.text;
  await victim.query(countCommitsSql(nth));
  const result = await sendGuarded(victim, sent, null, guard, host);
  if (originals.length > 0) await restoreProcedures(await sessions.another(), originals);
  if (result.status === 'error' && hasDied(result.error)) return null;
  if (result.status === 'error') return { status: 'failed', outcome: failureOf(run.plan, call, result) };
  return { status: 'missed', reason: `it commits fewer than ${nth} times on these rows, and was stopped after it` };
}

/** An error that is not the server's word on a statement is the end of the session. */
function hasDied(error: Error): boolean {
  return !(error instanceof DatabaseError) || error.code === SESSION_TERMINATED;
}

/** Puts counting bodies into the procedures that commit; returns how those were that outlive the session. */
async function instrumentProcedures(victim: Client): Promise<readonly string[]> {
  const { rows } = await victim.query<{ definition: string; lasts: boolean }>(
    `SELECT pg_catalog.pg_get_functiondef(p.oid) AS definition, n.nspname NOT LIKE 'pg\\_temp\\_%' AS lasts
       FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      WHERE p.prokind = 'p' AND p.prosrc ~* '\\mcommit\\M'
        AND (n.nspname NOT LIKE 'pg\\_temp\\_%' OR n.oid = pg_catalog.pg_my_temp_schema())`,
  );
  for (const { definition } of rows) await victim.query(instrumentCommits(definition, KILL_FROM_BODY));
  return rows.filter(({ lasts }) => lasts).map(({ definition }) => definition);
}

async function restoreProcedures(session: Client, definitions: readonly string[]): Promise<void> {
  for (const definition of definitions) await session.query(definition);
}

/** Terminates the session and waits until the server has cleaned up after it. */
async function endSession({ host, pid }: Run): Promise<void> {
  await host.ask(`SELECT pg_catalog.pg_terminate_backend(${pid}, ${PATIENCE_MS})`);
  const deadline = performance.now() + PATIENCE_MS;
  const isThere = async (): Promise<boolean> =>
    (await host.ask(`SELECT FROM pg_catalog.pg_stat_activity WHERE pid = ${pid}`)).length > 0;
  while (performance.now() < deadline && (await isThere()))
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
