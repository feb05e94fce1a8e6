/**
 * Back: by the down script, or by dropping what the migration created where it has none and that is asked for.
 */
import { PalindromeError } from '../core/errors.ts';
import type { LedgerRow } from '../core/live.ts';
import type { Migration } from '../core/migration.ts';
import { splitScript } from '../core/split-script.ts';
import { changedSince, parseEffects } from './effects.ts';
import { leftBehind } from './left.ts';
import { refuseDisagreement } from './refuse.ts';
import { runVerb } from './session.ts';
import type { Standing } from './standing.ts';
import type { RunnerContext, RunReport, Step, StepFailure } from './types.ts';
import { describeOutcome } from './up.ts';

export interface DownOptions {
  /** How many migrations, the one that ran last first. Ignored with `to`. */
  readonly steps: number;
  /** Id or name of the migration that stays as the last one; null: `steps` counts. */
  readonly to: string | null;
  /** Where there is no down script, drop what the migration created. */
  readonly inferDrop: boolean;
  /** Drop tables though they hold rows. */
  readonly evenWithRows: boolean;
}

/** Undoes migrations in the reverse of the order in which they ran. Refusals are thrown, with nothing changed. */
export async function runDown(context: RunnerContext, options: DownOptions): Promise<RunReport> {
  return runVerb(context, {
    async plan(standing) {
      const rows = rowsToUndo(standing, options);
      refuseDisagreement(standing, 'down', new Set(), new Set(rows.map(({ version }) => version)));
      return Promise.all(rows.map(async (row) => planStep(context, standing, row, options)));
    },
    async run(step, rows) {
      const row = rows.find(({ version }) => version === step.migration.id);
      if (row === undefined) throw new TypeError('the ledger lost a row while its lock was held');
      return step.by === 'inferred' ? dropCreated(context, step, row, options) : runScript(context, step, row);
    },
  });
}

function rowsToUndo({ rows }: Standing, { steps, to }: DownOptions): readonly LedgerRow[] {
  const newest = rows.toReversed();
  if (to === null) return newest.slice(0, steps);
  const at = newest.findIndex(({ version, name }) => version === to || name === to);
  if (at !== -1) return newest.slice(0, at);
  throw new PalindromeError('migration-unknown', `--to ${to}: the ledger has no migration of that id.`, {
    hint: '`palindrome status --database …` lists them. To undo all, count them with --steps.',
  });
}

async function planStep(
  { live, dialect }: RunnerContext,
  standing: Standing,
  row: LedgerRow,
  { inferDrop }: DownOptions,
): Promise<Step> {
  const migration = standing.entries.find((entry) => entry.row === row)?.migration;
  if (migration === undefined)
    throw new PalindromeError('down-missing', `${row.name} cannot be undone: its file is gone.`, {
      hint: 'Bring the file back, or undo it by hand and say `palindrome up --mark-pending`.',
    });
  if (migration.down !== null) {
    await splitScript(migration.down, dialect);
    return { direction: 'down', migration, by: 'script', isAtomic: await live.canRunInside(migration.down) };
  }
  if (!inferDrop) throw noDown(migration);
  const effects = parseEffects(row.effects);
  if (effects === null)
    throw cannotInfer(migration, [
      'what it created was not recorded when it ran (it was marked as applied, or the runner was killed)',
    ]);
  if (effects.changed.length > 0) throw cannotInfer(migration, effects.changed);
  if (effects.created.length === 0) throw cannotInfer(migration, ['it created nothing']);
  return { direction: 'down', migration, by: 'inferred', isAtomic: true };
}

function noDown({ name }: Migration): PalindromeError {
  return new PalindromeError('down-missing', `${name} has no down script.`, {
    hint: 'Write one. If the migration only created tables and the like, --infer-drop drops exactly those.',
  });
}

function cannotInfer({ name }: Migration, reasons: readonly string[]): PalindromeError {
  return new PalindromeError(
    'infer-refused',
    `No drop can undo ${name}:\n${reasons.map((reason) => `  ${reason}`).join('\n')}`,
    { hint: 'Write a down script for it.' },
  );
}

async function dropCreated(
  { live, signal }: RunnerContext,
  { migration }: Step,
  row: LedgerRow,
  { evenWithRows }: DownOptions,
): Promise<StepFailure | null> {
  const effects = parseEffects(row.effects);
  if (effects === null) throw new TypeError('the plan looked for effects');
  const changed = changedSince(effects, await live.catalog());
  if (changed.length > 0) throw cannotInfer(migration, changed);
  const outcome = await live.drop({
    objects: effects.created,
    evenWithRows,
    inside: { kind: 'remove', version: row.version },
    signal,
  });
  if (outcome.status === 'dropped') return null;
  const hasRows = !evenWithRows && outcome.reasons.every((reason) => / holds .* rows?$/.test(reason));
  if (hasRows)
    throw new PalindromeError(
      'drop-holds-rows',
      `Undoing ${migration.name} would drop rows:\n${outcome.reasons.map((reason) => `  ${reason}`).join('\n')}`,
      { hint: 'Save them first. If they may go: --even-with-rows.' },
    );
  throw cannotInfer(migration, outcome.reasons);
}

async function runScript(
  { live, dialect, limits, signal }: RunnerContext,
  { migration, isAtomic }: Step,
  row: LedgerRow,
): Promise<StepFailure | null> {
  const script = migration.down;
  if (script === null) throw new TypeError('the plan found a down script');
  const remove = { kind: 'remove', version: row.version } as const;
  if (!isAtomic) await live.writeLedger([{ kind: 'put', row: { ...row, state: 'reverting' } }]);
  const outcome = await live.execute({ script, limits, inside: isAtomic ? remove : null, signal });
  if (outcome.status === 'completed') {
    if (!isAtomic) await live.writeLedger([remove]);
    return null;
  }
  const left = isAtomic
    ? 'nothing'
    : leftBehind(script, await splitScript(script, dialect), outcome.at?.number ?? null);
  const noted: LedgerRow = { ...row, state: 'reverting', notes: [...row.notes, `down ${describeOutcome(outcome)}`] };
  if (!isAtomic) await live.writeLedger([{ kind: 'put', row: left === 'half' ? noted : row }]);
  return { outcome, reasons: [], left };
}
