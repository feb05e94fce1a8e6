import { resolveSettings } from '../../config/settings.ts';
import { PalindromeError } from '../../core/errors.ts';
import { renderMutantsJson } from '../../../reports/json.ts';
import { describeMutants } from '../../../reports/mutants-terminal.ts';
import { makeMutantsProgress } from '../../../reports/mutants-progress.ts';
import { sanitize } from '../../../reports/sanitize.ts';
import { makeStyle } from '../../../reports/style.ts';
import { writeReport } from '../../../reports/write-report.ts';
import { readFlags } from '../flags.ts';
import type { RawFlags } from '../flags.ts';
import { canRedraw, styleFor } from '../io.ts';
import type { Io } from '../io.ts';
import { DEFAULT_MAX_MUTANTS, DEFAULT_MUTANT_CASES, mutateSets } from '../mutate-sets.ts';

interface MutateFlags extends RawFlags {
  readonly max?: number | undefined;
  readonly minScore?: number | undefined;
}

/** `palindrome mutate`: returns the exit code that the report gives. */
export async function runMutate(
  paths: readonly string[],
  { max = DEFAULT_MAX_MUTANTS, minScore, ...raw }: MutateFlags,
  io: Io,
): Promise<number> {
  const flags = readFlags(raw);
  const settings = await resolveSettings({
    paths,
    // Reports and cases that a configuration asks for are those of `verify`.
    flags: { ...flags, cases: flags.cases ?? DEFAULT_MUTANT_CASES, report: flags.report ?? ['terminal'] },
    cwd: io.cwd,
    env: io.env,
  });
  const { color, reports } = settings.run;
  const other = reports.find(({ format }) => format !== 'terminal' && format !== 'json');
  if (other !== undefined)
    throw new PalindromeError('report-unavailable', `mutate writes no ${other.format} report.`, {
      hint: 'It writes terminal and json: --report json=mutants.json',
    });
  const style = styleFor(io, color);
  const progress = makeMutantsProgress({
    style: styleFor({ ...io, isOutTty: io.isErrTty }, color),
    isLive: canRedraw(io),
    write: io.err,
    now: () => performance.now(),
  });
  const report = await mutateSets({
    settings,
    max,
    minScore: minScore ?? null,
    env: io.env,
    signal: io.signal,
    toolVersion: io.toolVersion,
    onProgress: (at) => progress.show(at),
  }).finally(() => progress.clear());
  const written = await Promise.allSettled(
    reports.map(async ({ format, file }) => {
      const look = file === null ? style : makeStyle({ width: 100, color: false, unicode: true });
      const text = format === 'json' ? renderMutantsJson(report) : `${describeMutants(report, look).join('\n')}\n`;
      if (file === null) io.out(text);
      else await writeReport(file, text);
    }),
  );
  for (const outcome of written) if (outcome.status === 'rejected') throw outcome.reason;
  if (report.run.exitCode === 3) io.err(`error: ${sanitize(report.run.stoppedBecause)}\n`);
  return report.run.exitCode;
}
