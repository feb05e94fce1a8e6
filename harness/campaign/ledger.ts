/**
 * The clause `ledger` of `rerun-idempotent`: the rest of a set is brought through the runner's ledger on data, then the whole set once more.
 */
import type { Database } from '../core/dialect.ts';
import type { LedgerEvidence, LedgerRun } from '../core/evidence.ts';
import { PalindromeError } from '../core/errors.ts';
import type { LiveDatabase } from '../core/live.ts';
import type { Migration } from '../core/migration.ts';
import { count } from '../core/text.ts';
import type { Moment, Trace } from '../core/trace.ts';
import { NO_DECISIONS } from '../runner/types.ts';
import { describeOutcome, runUp } from '../runner/up.ts';
import { loadForChain, observerOf, type ChainStart } from './chain.ts';
import type { PlannedSet } from './plan.ts';
import type { CaseRun, RunCase } from './subject.ts';
import type { Workbench } from './workbench.ts';

/** The runner's default: a set that spoils it spoils most people's. */
const LEDGER_TABLE = 'palindrome_ledger';
/** Nobody else knows the database. */
const LOCK_MS = 10_000;
const RAN: Moment['step'] = { direction: 'up', outcome: { status: 'completed', statements: 0, durationMs: 0 } };

/** Positions from which sets are brought through the ledger: from nothing, and from where half of the set had run before there was one. */
export function ledgerStarts(migrations: readonly Migration[]): readonly number[] {
  return migrations.length === 0 ? [] : [...new Set([0, Math.floor(migrations.length / 2)])];
}

/** Makes the function that brings the set through the ledger twice, on a dataset. Every run gets a new clone. */
export function makeLedgerRunner(planned: PlannedSet, start: ChainStart, bench: Workbench): RunCase {
  return async (dataset): Promise<CaseRun> => {
    const database = await bench.clone();
    const { loaded, refused } = await loadForChain(planned, start, database, dataset);
    const observer = observerOf(database, planned);
    const moments = [await observer.observe('before', null)];
    const first = await runThrough(planned, database, start.applied);
    let second: LedgerRun | null = null;
    if (first.stopped === null) {
      moments.push(await observer.observe('after-up', RAN));
      second = await runThrough(planned, database, 0);
      moments.push(await observer.observe('after-up-again', RAN));
    }
    bench.left(null);
    const runsWithout = first.stopped === null ? null : await runsAlone(planned, start, bench, dataset);
    const steps = second === null ? [describeRun(first)] : [describeRun(first), `once more: ${describeRun(second)}`];
    const evidence: LedgerEvidence = { kind: 'ledger', steps, first, second, runsWithout };
    const trace: Trace = {
      scenario: `ledger:${start.applied}`,
      moments,
      endedEarly: null,
      preconditionRows: 0,
      evidence,
    };
    return { loaded, refused, traces: [trace], unusable: null };
  };
}

/** One `palindrome up` of the whole set; the first `applied` are marked as applied by hand. */
async function runThrough(planned: PlannedSet, database: Database, applied: number): Promise<LedgerRun> {
  const { set } = planned;
  const ran: string[] = [];
  let started: string | null = null;
  try {
    await using live: LiveDatabase = await database.openLive(
      LEDGER_TABLE,
      set.migrations.map(({ up }) => up),
    );
    const report = await runUp(
      {
        set,
        dialect: planned.dialect,
        live,
        limits: planned.limits,
        decisions: { ...NO_DECISIONS, markApplied: set.migrations.slice(0, applied).map(({ id }) => id) },
        isDryRun: false,
        lockTimeoutMs: LOCK_MS,
        backup: null,
        signal: new AbortController().signal,
        emit: (event) => {
          if (event.type === 'step-started') started = event.step.migration.name;
          if (event.type === 'step-finished') ran.push(event.step.migration.name);
        },
        confirm: () => Promise.resolve(true),
      },
      { to: null },
    );
    const outcome = report.failure?.outcome ?? null;
    return { ran, stopped: outcome === null ? null : { at: started, why: describeOutcome(outcome) } };
  } catch (error) {
    // A ledger that cannot be written to any more is what is looked for, not a fault of the environment.
    if (!(error instanceof PalindromeError) || error.code === 'server-lost') throw error;
    return { ran, stopped: { at: started, why: `refused: ${error.message.split('\n')[0]?.replace(/:$/, '')}` } };
  }
}

/** Whether the scripts run to their end on the same rows where no ledger is in their way. */
async function runsAlone(
  planned: PlannedSet,
  start: ChainStart,
  bench: Workbench,
  dataset: Parameters<RunCase>[0],
): Promise<boolean> {
  const database = await bench.clone();
  await loadForChain(planned, start, database, dataset);
  for (const { up } of planned.set.migrations.slice(start.applied)) {
    const outcome = await database.execute(up, planned.limits);
    if (outcome.status !== 'completed') return false;
  }
  return true;
}

function describeRun({ ran, stopped }: LedgerRun): string {
  const done =
    ran.length === 0 ? 'through the ledger, nothing ran' : `through the ledger, ${count(ran.length, 'migration')} ran`;
  if (stopped === null) return done;
  return `${done}; ${stopped.at === null ? 'it' : stopped.at} ${stopped.why}`;
}
