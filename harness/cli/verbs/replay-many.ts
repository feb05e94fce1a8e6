import type { Counterexample, ReplayOutcome } from '../../core/counterexample.ts';
import { count } from '../../core/text.ts';
import type { StoredExample } from '../../store/store.ts';
import { describeReplays, exitCodeOfReplays, type ReplayedCase } from '../../../reports/replay-table.ts';
import type { Style } from '../../../reports/style.ts';
import { canRedraw } from '../io.ts';
import type { Io } from '../io.ts';
import { promoteOne } from '../promote.ts';
import { replayMany, type ReplaySetting } from '../replay-cases.ts';

export interface ReplaysRequest {
  readonly stored: readonly StoredExample[];
  readonly setting: ReplaySetting;
  /** The folder for promoted failures; null: none are. */
  readonly promoteTo: string | null;
  readonly style: Style;
}

/** `palindrome replay --all` and `--from`: the table, then what was promoted; the exit code of `exitCodeOfReplays`, 130 where interrupted. */
export async function runReplays({ stored, setting, promoteTo, style }: ReplaysRequest, io: Io): Promise<number> {
  const cases: ReplayedCase[] = stored.flatMap(({ file, example, fault }) =>
    example === null
      ? [{ file, example, outcome: { status: 'error', reason: fault ?? 'it cannot be read' } as const }]
      : [],
  );
  const files = new Map(stored.flatMap(({ file, example }) => (example === null ? [] : [[example.id, file] as const])));
  const scripts = new Map<Counterexample, string | null>();
  await replayMany({
    ...setting,
    examples: stored.flatMap(({ example }) => example ?? []),
    onReplayed(example, { outcome, repro }) {
      cases.push({ file: files.get(example.id) ?? '', example, outcome });
      if (promoteTo !== null) scripts.set(example, repro);
      tellProgress(cases.length, stored.length, io);
    },
  });
  const promoted: string[] = [];
  if (promoteTo !== null)
    for (const { example, outcome } of cases)
      if (example !== null)
        promoted.push(
          ...(await promoteOne(example, outcome, scripts.get(example) ?? null, { cwd: io.cwd, out: promoteTo })),
        );
  const outcomes = cases.map(({ outcome }) => outcome);
  const exitCode = io.signal.aborted ? 130 : exitCodeOfReplays(outcomes);
  const left = stored.length - cases.length;
  io.out(
    `${[
      ...(stored.length === 0 ? [] : describeReplays(cases, style)),
      ...(left === 0 ? [] : [`interrupted: ${count(left, 'case')} not replayed`]),
      ...(promoted.length === 0 ? [] : ['', ...promoted]),
      `exit ${exitCode}: ${whyExit(exitCode, outcomes)}`,
    ].join('\n')}\n`,
  );
  return exitCode;
}

function tellProgress(done: number, all: number, io: Io): void {
  if (canRedraw(io)) io.err(done === all ? '\r\u001B[K' : `\r\u001B[K${done} of ${all} replayed`);
}

function whyExit(exitCode: number, outcomes: readonly ReplayOutcome[]): string {
  if (exitCode === 130) return 'interrupted';
  if (exitCode === 3) return 'not all could be run';
  if (exitCode === 1) return 'a failure is still there';
  if (exitCode === 0) return 'every one is fixed';
  return outcomes.length === 0 ? 'there is nothing to replay' : 'nothing fails, and not everything could be judged';
}
