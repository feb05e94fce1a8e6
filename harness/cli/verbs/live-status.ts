/** `palindrome status --database …`: what ran in a database, and what of it still agrees with the files. */
import type { LedgerRow } from '../../core/live.ts';
import type { StandingEntry } from '../../runner/standing.ts';
import { readStatus } from '../../runner/status.ts';
import type { StatusReport } from '../../runner/status.ts';
import { cutTo, padTo, widthOf } from '../../../reports/fit.ts';
import { sanitize } from '../../../reports/sanitize.ts';
import type { Style } from '../../../reports/style.ts';
import { styleFor } from '../io.ts';
import type { Io } from '../io.ts';
import { openRunner } from '../open-runner.ts';
import { describeHead } from '../print-run.ts';
import { describeError } from '../print-error.ts';
import { readRunnerFlags } from '../runner-flags.ts';
import type { RawRunnerFlags } from '../runner-flags.ts';

/** Prints where a database stands. Returns 0, or 2 where `up` would be refused, with the reason on standard error. */
export async function runLiveStatus(
  paths: readonly string[],
  raw: RawRunnerFlags,
  database: string,
  io: Io,
): Promise<number> {
  const style = styleFor(io, raw.color ?? null);
  const request = {
    paths,
    flags: { config: raw.config, dialect: raw.dialect, layout: raw.layout },
    runner: { ...readRunnerFlags(raw), create: true },
    database,
    cwd: io.cwd,
    env: io.env,
    signal: io.signal,
    onWait: (tried: number, reason: string) => io.err(`waiting for the database (try ${tried}): ${sanitize(reason)}\n`),
  };
  await using runner = await openRunner(request, 'read');
  const report = await readStatus(runner.context);
  io.out(`${[...describeHead(runner, style), '', ...describeStanding(report, style)].join('\n')}\n`);
  if (report.refusal === null) return 0;
  io.err(`${describeError(report.refusal, style, false).join('\n')}\n`);
  return 2;
}

function describeStanding({ standing }: StatusReport, style: Style): readonly string[] {
  const { paint } = style;
  const names = [
    ...standing.entries.map(({ migration }) => migration.name),
    ...standing.missing.map(({ name }) => name),
  ];
  const nameWidth = Math.min(60, Math.max(9, ...names.map((name) => widthOf(sanitize(name)))));
  const line = (state: string, name: string, rest: string) =>
    `  ${padTo(state, 12)}  ${padTo(cutTo(sanitize(name), nameWidth, style.glyphs.ellipsis), nameWidth)}  ${paint.dim(rest)}`;
  return [
    ...standing.entries.map((entry) => line(stateOf(entry, style), entry.migration.name, factsOf(entry))),
    ...standing.missing.map((row) => line(paint.red('no file'), row.name, ranAt(row))),
    '',
    ...(standing.hasLedger ? [] : ['There is no ledger here yet: nothing was run by palindrome.']),
    countStates(standing.entries),
  ];
}

function stateOf({ state, changes }: StandingEntry, { paint }: Style): string {
  if (state === 'half') return paint.red('half');
  if (state === 'out-of-order') return paint.yellow('out of order');
  if (changes.some(({ direction }) => direction === 'up')) return paint.red('changed');
  if (changes.length > 0) return paint.yellow('down changed');
  return state === 'applied' ? paint.green('applied') : 'pending';
}

function factsOf({ row, migration }: StandingEntry): string {
  const down = migration.down === null ? 'no down' : '';
  return [row === null ? '' : ranAt(row), ...(row?.notes.slice(-1) ?? []), down]
    .filter((text) => text !== '')
    .join(', ');
}

function ranAt({ appliedAt, startedAt, durationMs }: LedgerRow): string {
  if (appliedAt === null) return `began ${startedAt}`;
  return `${appliedAt}${durationMs === null ? '' : `, ${durationMs} ms`}`;
}

function countStates(entries: readonly StandingEntry[]): string {
  const applied = entries.filter(({ state }) => state === 'applied').length;
  const pending = entries.filter(({ state }) => state === 'pending' || state === 'out-of-order').length;
  return `${applied} applied, ${pending} pending`;
}
