import { resolveSettings } from '../../config/settings.ts';
import { PalindromeError } from '../../core/errors.ts';
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
  readonly casesEach?: number | undefined;
  /** True: the URL of `PALINDROME_QUEUE`. */
  readonly queue?: string | true | undefined;
  readonly items?: number | undefined;
}

/** `palindrome fuzz`: returns the exit code that the report gives. */
export async function runFuzzVerb(paths: readonly string[], raw: FuzzFlags, io: Io): Promise<number> {
  const { for: ms, resume = false, cases, casesEach: each, queue, items, ...flags } = raw;
  requireBudget({ ms, cases, each, isDivided: flags.shard !== undefined || queue !== undefined });
  if (queue !== undefined) {
    const { submitCampaign } = await import('../queue/submit.ts');
    return submitCampaign({ paths, flags, each: each ?? 0, url: queue, items: items ?? null, isResuming: resume }, io);
  }
  const settings = await resolveSettings({ paths, flags: readFlags(flags), cwd: io.cwd, env: io.env });
  return judgeAndReport(settings.run, io, (emit) =>
    fuzzSets({
      settings,
      budget: { ms: ms ?? null, cases: cases ?? null, ...(each === undefined ? {} : { each }) },
      isResuming: resume,
      env: io.env,
      signal: io.signal,
      toolVersion: io.toolVersion,
      emit,
    }),
  );
}

/** What is divided among machines has a budget that does not depend on who is how fast. */
function requireBudget(given: {
  readonly ms: number | undefined;
  readonly cases: number | undefined;
  readonly each: number | undefined;
  readonly isDivided: boolean;
}): void {
  const { ms, cases, each, isDivided } = given;
  if (isDivided && (each === undefined || ms !== undefined || cases !== undefined))
    throw new PalindromeError(
      'settings-conflict',
      'A campaign that is divided among machines needs --cases-each, and neither --for nor --cases.',
      { hint: 'How many cases a migration gets must not depend on the others: --cases-each 500.' },
    );
}
