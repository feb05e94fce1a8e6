/**
 * Forward.
 */
import type { Catalog } from '../core/catalog.ts';
import { PalindromeError } from '../core/errors.ts';
import type { LedgerRow } from '../core/live.ts';
import type { MigrationSet } from '../core/migration.ts';
import { splitScript } from '../core/split-script.ts';
import type { ScriptOutcome } from '../core/trace.ts';
import { describeEffects } from './effects.ts';
import { leftBehind } from './left.ts';
import { refuseDisagreement } from './refuse.ts';
import { runVerb } from './session.ts';
import { nextPosition, rowOf } from './standing.ts';
import type { RunnerContext, RunReport, Step, StepFailure } from './types.ts';

export interface UpOptions {
  /** Id or name of the last migration that may run; null: all pending ones. */
  readonly to: string | null;
}

/** Runs the pending migrations in the set's order. Refusals are thrown, with nothing changed. */
export async function runUp(context: RunnerContext, options: UpOptions): Promise<RunReport> {
  const last = options.to === null ? Infinity : indexOf(context.set, options.to, '--to');
  let before: Catalog | null = null;
  return runVerb(context, {
    async plan(standing, decided) {
      refuseDisagreement(standing, 'up', decided.outOfOrder, new Set());
      const pending = standing.entries.filter(({ row }, at) => row === null && at <= last);
      return Promise.all(pending.map(async ({ migration }) => planStep(context, migration)));
    },
    async run(step, rows) {
      before ??= await context.live.catalog();
      const { failure, after } = await applyStep(context, step, rows, before);
      before = after;
      return failure;
    },
  });
}

/** The place of a migration in its set. Throws `migration-unknown`. */
function indexOf(set: MigrationSet, given: string, flag: string): number {
  const at = set.migrations.findIndex(({ id, name }) => id === given || name === given);
  if (at !== -1) return at;
  throw new PalindromeError('migration-unknown', `${flag} ${given}: no migration of that id is in ${set.path}.`, {
    hint: '`palindrome status` lists them.',
  });
}

async function planStep({ live, dialect }: RunnerContext, migration: Step['migration']): Promise<Step> {
  // Whatever does not parse is told before anything runs.
  await splitScript(migration.up, dialect);
  return { direction: 'up', migration, by: 'script', isAtomic: await live.canRunInside(migration.up) };
}

async function applyStep(
  context: RunnerContext,
  { migration, isAtomic }: Step,
  rows: readonly LedgerRow[],
  before: Catalog,
): Promise<{ readonly failure: StepFailure | null; readonly after: Catalog }> {
  const { live, dialect, limits, signal, decisions } = context;
  const made = rowOf(migration, nextPosition(rows), new Date());
  const isLate = [...decisions.acceptOutOfOrder].some((given) => given === migration.id || given === migration.name);
  const row = isLate ? { ...made, notes: [`${made.startedAt} accepted to run out of order`] } : made;
  if (!isAtomic) await live.writeLedger([{ kind: 'put', row: { ...row, state: 'started', appliedAt: null } }]);
  const inside = isAtomic ? ({ kind: 'put', row } as const) : null;
  const outcome = await live.execute({ script: migration.up, limits, inside, signal });
  const statements = await splitScript(migration.up, dialect);
  if (outcome.status === 'completed') {
    const after = await live.catalog();
    const effects = JSON.stringify(describeEffects(before, after, statements));
    const done = { ...row, appliedAt: new Date().toISOString(), durationMs: outcome.durationMs, effects };
    await live.writeLedger([{ kind: 'put', row: done }]);
    return { failure: null, after };
  }
  const left = isAtomic ? 'nothing' : leftBehind(migration.up, statements, outcome.at?.number ?? null);
  if (!isAtomic) {
    const failed: LedgerRow = {
      ...row,
      state: 'failed',
      appliedAt: null,
      notes: [...row.notes, describeOutcome(outcome)],
    };
    await live.writeLedger([left === 'half' ? { kind: 'put', row: failed } : { kind: 'remove', version: row.version }]);
  }
  return { failure: { outcome, reasons: [], left }, after: before };
}

/** One sentence for the ledger. */
export function describeOutcome(outcome: Exclude<ScriptOutcome, { status: 'completed' }>): string {
  const at =
    outcome.at === null ? '' : ` at statement ${outcome.at.number} of ${outcome.at.of} (line ${outcome.at.line})`;
  return outcome.status === 'failed'
    ? `failed${at}: ${outcome.fault.message} (${outcome.fault.code})`
    : `stopped after ${outcome.limitMs} ms${at}`;
}
