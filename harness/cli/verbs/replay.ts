import path from 'node:path';
import { findConfig } from '../../config/find-config.ts';
import { loadConfig } from '../../config/load-config.ts';
import { resolveRun, showPathFrom } from '../../config/settings.ts';
import type { RunSettings } from '../../config/settings.ts';
import type { Counterexample } from '../../core/counterexample.ts';
import type { StoredExample } from '../../store/store.ts';
import { describeReplay, describeStart } from '../../../reports/replay-story.ts';
import { exitCodeOfReplays } from '../../../reports/replay-table.ts';
import { hang } from '../../../reports/fit.ts';
import { sanitize } from '../../../reports/sanitize.ts';
import { readFlags } from '../flags.ts';
import type { RawFlags } from '../flags.ts';
import { styleFor } from '../io.ts';
import type { Io } from '../io.ts';
import type { ReplaySetting } from '../replay-cases.ts';
import { UsageFault } from '../usage-fault.ts';

/** What commander gives for the flags of `replay` beside those of where it runs. */
export interface ReplayFlags extends RawFlags {
  readonly all?: boolean | undefined;
  readonly from?: string | undefined;
  readonly promote?: boolean | undefined;
  readonly out?: string | undefined;
}

/**
 * `palindrome replay`, of a counterexample, of a history, or of everything in a store or a folder: 1 still fails, 0 fixed, 4 stale or nothing to
 * replay, 3 could not be run, 130 interrupted; of several the gravest, in the order 3, 1, 4, 0.
 */
export async function runReplay(idOrPath: string | undefined, raw: ReplayFlags, io: Io): Promise<number> {
  const { all = false, from, promote = false, out, ...rest } = raw;
  const flags = readFlags(rest);
  requireOneMeaning(idOrPath, raw);
  if (idOrPath !== undefined && from === undefined && /[/\\]|\.json$/.test(idOrPath)) {
    const { readHistory } = await import('../../store/history-file.ts');
    const history = await readHistory(path.resolve(io.cwd, idOrPath));
    if (history !== null) {
      const { replayHistory } = await import('./replay-history.ts');
      const { lines, exitCode } = replayHistory(history, idOrPath, styleFor(io, flags.color ?? null));
      print(io, lines);
      return exitCode;
    }
  }
  const here = await findConfig(io.cwd, io.cwd);
  const sources = here === null ? [] : [await loadConfig(here, io.cwd)];
  const run = resolveRun(sources, { paths: [], flags, cwd: io.cwd, env: io.env });
  const setting = { flags, cwd: io.cwd, env: io.env, signal: io.signal };
  const promoteTo = promote ? (out ?? (await import('../promote.ts')).REGRESSIONS) : null;
  if (all || idOrPath === undefined) {
    const { runReplays } = await import('./replay-many.ts');
    return runReplays(
      { stored: await storedIn(from, run, io), setting, promoteTo, style: styleFor(io, run.color) },
      io,
    );
  }
  return runOne(await findOne(idOrPath, from, run, io), { run, setting, promoteTo }, io);
}

function requireOneMeaning(idOrPath: string | undefined, { all, from, promote, out, keep }: ReplayFlags): void {
  if (idOrPath === undefined && all !== true && from === undefined)
    throw new UsageFault(
      'Nothing was named to replay.',
      'Give the id that a report prints, or --all for everything in the store, or --from with the folder of a CI run.',
    );
  if (idOrPath !== undefined && all === true)
    throw new UsageFault('One counterexample was named, and --all was given.', 'Leave one of them out.');
  if (keep === true && idOrPath === undefined)
    throw new UsageFault('--keep leaves one database up.', 'Name one counterexample with it.');
  if (out !== undefined && promote !== true)
    throw new UsageFault('--out says where promoted failures go.', 'Give --promote with it.');
}

async function storedIn(from: string | undefined, run: RunSettings, io: Io): Promise<readonly StoredExample[]> {
  if (from !== undefined) {
    const { findCases } = await import('../../store/find-cases.ts');
    const folder = path.resolve(io.cwd, from);
    return findCases(folder, showPathFrom(io.cwd, folder));
  }
  const { openStoreOf } = await import('../open-store-of.ts');
  await using store = await openStoreOf(run.store);
  return await store.loadAll();
}

interface FoundCase {
  readonly example: Counterexample;
  readonly file: string;
}

async function findOne(idOrPath: string, from: string | undefined, run: RunSettings, io: Io): Promise<FoundCase> {
  if (from === undefined) {
    const { openStoreOf } = await import('../open-store-of.ts');
    await using store = await openStoreOf(run.store);
    return await store.load(idOrPath);
  }
  const { pickCase } = await import('../../store/find-cases.ts');
  return pickCase(await storedIn(from, run, io), idOrPath, from);
}

interface OneSetting {
  readonly run: RunSettings;
  readonly setting: ReplaySetting;
  readonly promoteTo: string | null;
}

async function runOne({ example, file }: FoundCase, { run, setting, promoteTo }: OneSetting, io: Io): Promise<number> {
  const style = styleFor(io, run.color);
  const { replayOne } = await import('../replay-cases.ts');
  let step = 0;
  const { outcome, repro } = await replayOne({
    ...setting,
    example,
    kept: run.keep ? { address: null } : null,
    onPlanned: ({ providerReason }) => print(io, describeStart(example, file, providerReason, style)),
    narrate: (line) => print(io, hang(`  ${String(++step).padStart(2)}. `, sanitize(line), style.width)),
  });
  print(io, ['', ...describeReplay(outcome, example, style)]);
  if (promoteTo !== null) {
    const { promoteOne } = await import('../promote.ts');
    print(io, ['', ...(await promoteOne(example, outcome, repro, { cwd: io.cwd, out: promoteTo }))]);
  }
  return io.signal.aborted ? 130 : exitCodeOfReplays([outcome]);
}

function print(io: Io, lines: readonly string[]): void {
  io.out(`${lines.join('\n')}\n`);
}
