import { resolveSettings } from '../../config/settings.ts';
import type { RunSettings } from '../../config/settings.ts';
import type { CampaignEvent } from '../../core/events.ts';
import type { Report } from '../../core/report.ts';
import { sanitize } from '../../../reports/sanitize.ts';
import { readFlags } from '../flags.ts';
import type { RawFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { makeReporters } from '../make-reporters.ts';
import { verifySets } from '../verify-sets.ts';

/** `palindrome verify`: returns the exit code that the report gives. */
export async function runVerify(paths: readonly string[], raw: RawFlags, io: Io): Promise<number> {
  const settings = await resolveSettings({ paths, flags: readFlags(raw), cwd: io.cwd, env: io.env });
  return judgeAndReport(settings.run, io, (emit) =>
    verifySets({ settings, env: io.env, signal: io.signal, toolVersion: io.toolVersion, emit }),
  );
}

/** Runs a campaign with the reporters that are wanted, and returns the exit code that its report gives. */
export async function judgeAndReport(
  run: RunSettings,
  io: Io,
  judge: (emit: (event: CampaignEvent) => void) => Promise<Report>,
): Promise<number> {
  const reporters = makeReporters(run, io);
  let report: Report;
  try {
    report = await judge((event) => {
      for (const reporter of reporters) reporter.onEvent(event);
    });
  } catch (thrown) {
    await Promise.allSettled(reporters.map((reporter) => reporter.close()));
    throw thrown;
  }
  // Each report is written even where another one cannot be; the first failure is told.
  const closed = await Promise.allSettled(reporters.map((reporter) => reporter.close()));
  for (const outcome of closed) if (outcome.status === 'rejected') throw outcome.reason;
  if (report.run.exitCode === 3) io.err(`error: ${sanitize(report.run.stoppedBecause)}\n`);
  return report.run.exitCode;
}
