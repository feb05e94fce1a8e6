/**
 * What `up` and `down` share: plan, ask, lock, plan again, back up, and go step by step.
 */
import { PalindromeError } from '../core/errors.ts';
import type { BackupReport, LedgerRow } from '../core/live.ts';
import type { Decided } from './decide.ts';
import { decide } from './decide.ts';
import type { Standing } from './standing.ts';
import { compareWithLedger } from './standing.ts';
import type { RunnerContext, RunReport, Step, StepFailure } from './types.ts';

/** What a verb makes of where things stand. */
export interface Verb {
  /** Refuses what does not agree, and says what will run. Changes nothing. */
  plan(standing: Standing, decided: Decided): Promise<readonly Step[]>;
  /** Runs one step and writes the ledger. Null: it went well. */
  run(step: Step, rows: readonly LedgerRow[]): Promise<StepFailure | null>;
}

/** Runs a verb. Throws `PalindromeError` for refusals; scripts that fail are in the report. */
export async function runVerb(context: RunnerContext, verb: Verb): Promise<RunReport> {
  const { live, emit } = context;
  const { first, isLocked } = await lookFirst(context, verb);
  for (const text of first.decided.notes) emit({ type: 'note', text });
  emit({ type: 'planned', steps: first.steps, isDryRun: context.isDryRun });
  const report = { steps: first.steps, done: 0, failure: null, backup: null } as const;
  if (context.isDryRun) return { ...report, ended: 'dry-run' };
  const hasWork = first.steps.length > 0 || first.decided.writes.length > 0;
  if (!hasWork) return { ...report, ended: 'done' };
  if (!(await context.confirm(first.steps))) return { ...report, ended: 'declined' };
  if (!isLocked) await takeLock(context);
  // Another runner may have been at work until now.
  const { steps, decided } = await look(context, verb);
  const agreed = new Set(first.steps.map(({ migration }) => migration.id));
  const added = steps.filter(({ migration }) => !agreed.has(migration.id));
  if (added.length > 0)
    throw new PalindromeError(
      'plan-changed',
      `Another runner changed what is to be done: ${added.map(({ migration }) => migration.name).join(', ')} came in.`,
      { hint: 'Run the same command again.' },
    );
  const backup = steps.length === 0 ? null : await makeBackup(context);
  await live.createLedger();
  await live.writeLedger(decided.writes);
  return await runSteps(context, verb, steps, backup);
}

type Look = Awaited<ReturnType<typeof look>>;

/** Before the lock is held, half a migration may be another runner's that is in the middle of it: then the lock comes first. */
async function lookFirst(
  context: RunnerContext,
  verb: Verb,
): Promise<{ readonly first: Look; readonly isLocked: boolean }> {
  try {
    return { first: await look(context, verb), isLocked: false };
  } catch (thrown) {
    if (context.isDryRun || !(thrown instanceof PalindromeError) || thrown.code !== 'migration-half') throw thrown;
    await takeLock(context);
    return { first: await look(context, verb), isLocked: true };
  }
}

async function takeLock({ live, lockTimeoutMs, signal, emit }: RunnerContext): Promise<void> {
  await live.lock({ timeoutMs: lockTimeoutMs, signal, onWait: () => emit({ type: 'lock-waiting' }) });
}

async function look(
  { set, live, decisions }: RunnerContext,
  verb: Verb,
): Promise<{ readonly steps: readonly Step[]; readonly decided: Decided }> {
  const decided = decide(set, await live.readLedger(), decisions, new Date());
  return { steps: await verb.plan(compareWithLedger(set, decided.ledger), decided), decided };
}

async function makeBackup({ live, backup, signal, emit }: RunnerContext): Promise<BackupReport | null> {
  if (backup === null) return null;
  const made = await live.backup(backup.folder, signal);
  if (made !== null) emit({ type: 'backup-made', backup: made });
  return made;
}

async function runSteps(
  context: RunnerContext,
  verb: Verb,
  steps: readonly Step[],
  backup: BackupReport | null,
): Promise<RunReport> {
  const { live, signal, emit } = context;
  for (const [at, step] of steps.entries()) {
    if (signal.aborted) return { steps, done: at, failure: null, backup, ended: 'interrupted' };
    emit({ type: 'step-started', step, number: at + 1, of: steps.length });
    const startedAt = performance.now();
    const failure = await verb.run(step, (await live.readLedger()) ?? []);
    if (failure !== null) {
      emit({ type: 'step-failed', step, failure });
      return { steps, done: at, failure, backup, ended: signal.aborted ? 'interrupted' : 'failed' };
    }
    emit({ type: 'step-finished', step, durationMs: Math.round(performance.now() - startedAt) });
  }
  // Only now: as long as a run has not gone well, the backups from before it may be needed.
  if (context.backup !== null && backup !== null) {
    const files = await live.expireBackups(context.backup, backup.file);
    if (files.length > 0) emit({ type: 'backups-removed', files });
  }
  return { steps, done: steps.length, failure: null, backup, ended: 'done' };
}
