/** `palindrome verify --watch`: a round for each save, until Ctrl-C. */
import type { Flags } from '../../config/settings.ts';
import { PalindromeError } from '../../core/errors.ts';
import type { ReportMigration } from '../../core/report.ts';
import { count } from '../../core/text.ts';
import { showDuration } from '../../../reports/fit.ts';
import { describeLook } from '../../../reports/watch-lines.ts';
import { readFlags } from '../flags.ts';
import type { RawFlags } from '../flags.ts';
import { styleFor, type Io } from '../io.ts';
import { describeError } from '../print-error.ts';
import { watchPaths } from '../watch/changes.ts';
import { type Inputs, readInputs, signatureOf } from '../watch/inputs.ts';
import { openWarmth, type Warmth } from '../watch/warmth.ts';
import { judgeAndReport } from './verify.ts';

const INTERRUPTED = 130;
const CLEAR = '\u001B[2J\u001B[3J\u001B[H';
/** What is ours, or nobody's migration. */
const IGNORED = /(?:^|[/\\])(?:\.palindrome|\.git|node_modules)(?:[/\\]|$)/u;

interface Watch {
  readonly paths: readonly string[];
  readonly io: Io;
  flags: Flags;
  warmth: Warmth;
  /** Of the last round that began. */
  inputs: Inputs | null;
  /** Changed since they were last judged to the end, by `keyOf`. */
  readonly pending: Set<string>;
  rounds: number;
}

/** Runs rounds until the process is asked to stop; then everything is closed, and it returns 130. Throws where the first round's input is wrong. */
export async function runWatch(paths: readonly string[], raw: RawFlags, io: Io): Promise<number> {
  refuseFlags(raw);
  const flags = readFlags(raw);
  const first = await readInputs(paths, flags, io);
  // One seed for all rounds: a verdict changes with the files alone.
  const watch: Watch = {
    paths,
    io,
    flags: { ...flags, seed: first.settings.run.seed },
    warmth: openWarmth(),
    inputs: null,
    pending: new Set(),
    rounds: 0,
  };
  try {
    await keepWatching(watch, first);
  } finally {
    await watch.warmth[Symbol.asyncDispose]();
  }
  return INTERRUPTED;
}

async function keepWatching(watch: Watch, first: Inputs): Promise<void> {
  const { io } = watch;
  let { paths } = first;
  let savedAt = performance.now();
  let hasSaved = true;
  let round = new AbortController();
  let wake: (() => void) | null = null;
  io.signal.addEventListener('abort', () => wake?.());
  const onChange = (at: number): void => {
    void (async () => {
      if (!(await isNews(watch))) return;
      if (!hasSaved) savedAt = at;
      hasSaved = true;
      round.abort();
      wake?.();
    })();
  };
  let watching = await watchPaths(paths, (path) => IGNORED.test(path), onChange);
  try {
    while (!io.signal.aborted) {
      if (!hasSaved) await new Promise<void>((resolve) => (wake = resolve));
      if (io.signal.aborted) break;
      hasSaved = false;
      round = new AbortController();
      await playRound(watch, AbortSignal.any([round.signal, io.signal]), savedAt);
      const wanted = watch.inputs?.paths ?? paths;
      if (wanted.join('\0') === paths.join('\0')) continue;
      await watching[Symbol.asyncDispose]();
      paths = wanted;
      watching = await watchPaths(paths, (path) => IGNORED.test(path), onChange);
    }
  } finally {
    await watching[Symbol.asyncDispose]();
  }
}

/** Whether a save changed anything that a round would see; what cannot be read now is news as well. */
async function isNews({ inputs, paths, flags, io }: Watch): Promise<boolean> {
  if (inputs === null) return true;
  try {
    return signatureOf(await readInputs(paths, flags, io)) !== signatureOf(inputs);
  } catch {
    return true;
  }
}

async function playRound(watch: Watch, signal: AbortSignal, savedAt: number): Promise<void> {
  const { io } = watch;
  watch.rounds++;
  try {
    const inputs = await readInputs(watch.paths, watch.flags, io);
    const before = watch.inputs;
    noteChanges(watch, before, inputs);
    watch.inputs = inputs;
    begin(watch, before === null);
    if (before !== null && before.beside !== inputs.beside) watch.warmth.forgetResults();
    const exitCode = await judge(watch, inputs, before === null ? new Set() : new Set(watch.pending), signal, savedAt);
    if (exitCode === 3) await startOver(watch);
    if (signal.aborted) return;
    watch.pending.clear();
    await watch.warmth.settle();
  } catch (thrown) {
    const style = styleFor({ ...io, isOutTty: io.isErrTty }, watch.inputs?.settings.run.color ?? null);
    io.err(`${describeError(thrown, style, false).join('\n')}\n`);
    if (!(thrown instanceof PalindromeError) || thrown.kind === 'environment') await startOver(watch);
  }
  if (!io.signal.aborted && !signal.aborted)
    io.err(`round ${watch.rounds} ended ${since(savedAt)} after the save; waiting for the next one (Ctrl-C ends)\n`);
}

async function judge(
  watch: Watch,
  inputs: Inputs,
  changed: ReadonlySet<string>,
  signal: AbortSignal,
  savedAt: number,
): Promise<number> {
  const { io, warmth } = watch;
  const { judgeRound } = await import('../watch/round.ts');
  const style = styleFor(io, inputs.settings.run.color);
  const onLook = (migration: ReportMigration): void =>
    io.err(`${describeLook(migration, since(savedAt), style).join('\n')}\n`);
  const isStopped = (): boolean => signal.aborted && !io.signal.aborted;
  return judgeAndReport(inputs.settings.run, io, (emit) =>
    judgeRound({
      inputs,
      warmth,
      changed,
      signal,
      toolVersion: io.toolVersion,
      onLook,
      // A round that another save stopped has no report: the next one begins.
      emit: (event) => (isStopped() && event.type === 'run-finished' ? undefined : emit(event)),
    }),
  );
}

function noteChanges({ pending }: Watch, before: Inputs | null, now: Inputs): void {
  for (const [key, print] of now.migrations) if (before?.migrations.get(key) !== print) pending.add(key);
  for (const key of pending) if (!now.migrations.has(key)) pending.delete(key);
}

function begin({ io, rounds, pending }: Watch, isFirst: boolean): void {
  if (io.isOutTty) io.out(CLEAR);
  if (isFirst) return;
  const what = pending.size === 0 ? 'no script was changed' : `${count(pending.size, 'migration')} changed`;
  io.err(`round ${rounds}: ${what}\n`);
}

/** What is open cannot be trusted any more. */
async function startOver(watch: Watch): Promise<void> {
  const old = watch.warmth;
  watch.warmth = openWarmth();
  await old[Symbol.asyncDispose]();
}

function since(savedAt: number): string {
  return showDuration(performance.now() - savedAt);
}

/** What belongs to one run that ends. */
function refuseFlags({ keep, shard, base, failOn }: RawFlags): void {
  const given = { '--keep': keep, '--shard': shard, '--base': base, '--fail-on': failOn };
  for (const [flag, value] of Object.entries(given))
    if (value !== undefined)
      throw new PalindromeError('settings-conflict', `--watch has no single run for ${flag} to speak of.`, {
        hint: `Leave out ${flag}, or verify once without --watch.`,
      });
}
