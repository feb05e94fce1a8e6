/** `palindrome up` and `palindrome down`. */
import { PalindromeError } from '../../core/errors.ts';
import { runDown } from '../../runner/down.ts';
import type { Step } from '../../runner/types.ts';
import { runUp } from '../../runner/up.ts';
import { sanitize } from '../../../reports/sanitize.ts';
import type { Style } from '../../../reports/style.ts';
import { styleFor } from '../io.ts';
import type { Io } from '../io.ts';
import { requireDatabase } from '../live-target.ts';
import { openRunner } from '../open-runner.ts';
import type { OpenRunner } from '../open-runner.ts';
import { describeHead, describePlan, exitCodeOfRun, RunPrinter } from '../print-run.ts';
import { readRunnerFlags } from '../runner-flags.ts';
import type { RawRunnerFlags } from '../runner-flags.ts';

/** Runs pending migrations. */
export async function runUpVerb(paths: readonly string[], raw: RawRunnerFlags, io: Io): Promise<number> {
  return withRunner(paths, raw, io, async (context) => runUp(context, { to: raw.to ?? null }));
}

/** Undoes migrations. */
export async function runDownVerb(paths: readonly string[], raw: RawRunnerFlags, io: Io): Promise<number> {
  if (raw.to !== undefined && raw.steps !== undefined)
    throw new PalindromeError('settings-conflict', '--steps and --to both say how far to go back.', {
      hint: 'Give one of them.',
    });
  const options = {
    steps: raw.steps ?? 1,
    to: raw.to ?? null,
    inferDrop: raw.inferDrop ?? false,
    evenWithRows: raw.evenWithRows ?? false,
  };
  return withRunner(paths, raw, io, async (context) => runDown(context, options));
}

type Run = (context: Parameters<typeof runUp>[0]) => ReturnType<typeof runUp>;

async function withRunner(paths: readonly string[], raw: RawRunnerFlags, io: Io, run: Run): Promise<number> {
  const style = styleFor(io, raw.color ?? null);
  const flags = readRunnerFlags(raw);
  const request = {
    paths,
    flags: { config: raw.config, dialect: raw.dialect, layout: raw.layout },
    runner: flags,
    database: requireDatabase(raw.database, io.env),
    cwd: io.cwd,
    env: io.env,
    signal: io.signal,
    onWait: (tried: number, reason: string) => io.err(`waiting for the database (try ${tried}): ${sanitize(reason)}\n`),
  };
  await using runner = await openRunner(request, flags.dryRun === true ? 'read' : 'write');
  io.out(`${describeHead(runner, style).join('\n')}\n`);
  const printer = new RunPrinter(io, style);
  const report = await run({
    ...runner.context,
    emit: (event) => printer.onEvent(event),
    confirm: (steps) => confirm(runner, steps, raw.yes ?? false, io, style),
  });
  printer.finish(report, runner);
  return exitCodeOfRun(report);
}

/** Says what is about to be done and asks, where the database is beyond this machine or the configuration wants it always. */
async function confirm(
  runner: OpenRunner,
  steps: readonly Step[],
  isAgreed: boolean,
  io: Io,
  style: Style,
): Promise<boolean> {
  if (!runner.isRemote && runner.config.confirm !== 'always') return true;
  io.out(`${describePlan(steps, style).join('\n')}\n`);
  if (isAgreed) return true;
  if (io.ask === null)
    throw new PalindromeError(
      'not-confirmed',
      `${runner.context.live.address} would be changed, and nobody is here to ask.`,
      {
        hint: 'If that is meant, say so with --yes.',
      },
    );
  const answer = await io.ask(`Change ${runner.context.live.address}? [y/N] `);
  return /^y(es)?$/iu.test(answer.trim());
}
