import { resolveSettings } from '../../config/settings.ts';
import type { RunSettings } from '../../config/settings.ts';
import type { CampaignEvent, Reporter } from '../../core/events.ts';
import type { Report } from '../../core/report.ts';
import { createJsonReporter } from '../../../reports/json.ts';
import { sanitize } from '../../../reports/sanitize.ts';
import { makeStyle } from '../../../reports/style.ts';
import { createTerminalReporter } from '../../../reports/terminal.ts';
import { writeReport } from '../../../reports/write-report.ts';
import { readFlags } from '../flags.ts';
import type { RawFlags } from '../flags.ts';
import { canRedraw, styleFor } from '../io.ts';
import type { Io } from '../io.ts';
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

/** What writes the reports that were asked for, and progress to standard error. */
export function makeReporters({ reports, color }: Pick<RunSettings, 'reports' | 'color'>, io: Io): readonly Reporter[] {
  const made = reports.map(({ format, file }) => {
    if (format === 'json')
      return createJsonReporter((text) => (file === null ? writeOut(io, text) : writeReport(file, text)));
    return file === null ? terminalReporter(io, color) : terminalFileReporter(file);
  });
  const hasTerminal = reports.some(({ format, file }) => format === 'terminal' && file === null);
  return hasTerminal ? made : [...made, progressReporter(io, color)];
}

function terminalReporter(io: Io, color: boolean | null): Reporter {
  return createTerminalReporter({
    style: styleFor(io, color),
    isLive: canRedraw(io),
    out: io.out,
    err: io.err,
    now: () => performance.now(),
  });
}

/** Standard output belongs to another report: progress and notes still go to standard error. */
export function progressReporter(io: Io, color: boolean | null): Reporter {
  return terminalReporter({ ...io, out: () => undefined, isOutTty: io.isErrTty }, color);
}

function terminalFileReporter(file: string): Reporter {
  let text = '';
  let isComplete = false;
  const reporter = createTerminalReporter({
    style: makeStyle({ width: 100, color: false, unicode: true }),
    isLive: false,
    out: (part) => (text += part),
    err: () => undefined,
    now: () => performance.now(),
  });
  return {
    onEvent(event) {
      reporter.onEvent(event);
      isComplete ||= event.type === 'run-finished';
    },
    async close() {
      if (isComplete) await writeReport(file, text);
    },
  };
}

async function writeOut(io: Io, text: string): Promise<void> {
  io.out(text);
}
