import { resolveSettings } from '../../config/settings.ts';
import { readFlags } from '../flags.ts';
import type { RawFlags } from '../flags.ts';
import { fuzzSets } from '../fuzz-sets.ts';
import type { Io } from '../io.ts';
import { judgeAndReport } from './verify.ts';

/** What commander gives for the flags of `fuzz` beside those of every judging verb; `cases` is the number of all together. */
export interface FuzzFlags extends RawFlags {
  /** Milliseconds. */
  readonly for?: number | undefined;
  readonly resume?: boolean | undefined;
}

/** `palindrome fuzz`: returns the exit code that the report gives. */
export async function runFuzzVerb(paths: readonly string[], raw: FuzzFlags, io: Io): Promise<number> {
  const { for: ms, resume = false, cases, ...flags } = raw;
  const settings = await resolveSettings({ paths, flags: readFlags(flags), cwd: io.cwd, env: io.env });
  return judgeAndReport(settings.run, io, (emit) =>
    fuzzSets({
      settings,
      budget: { ms: ms ?? null, cases: cases ?? null },
      isResuming: resume,
      env: io.env,
      signal: io.signal,
      toolVersion: io.toolVersion,
      emit,
    }),
  );
}
