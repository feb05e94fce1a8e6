import path from 'node:path';
import { mergeReports } from '../../campaign/merge-reports.ts';
import { completeReportTargets, parseReportTarget } from '../../config/report-target.ts';
import { readReport } from '../../store/read-report.ts';
import type { Io } from '../io.ts';
import { makeReporters } from '../make-reporters.ts';

interface MergeFlags {
  readonly report?: readonly string[];
  readonly color?: boolean;
}

/** `palindrome merge-reports`: returns the exit code of the whole run. */
export async function runMergeReports(files: readonly string[], flags: MergeFlags, io: Io): Promise<number> {
  const targets = (flags.report ?? []).map((given) => parseReportTarget(given, io.cwd));
  const given = await Promise.all(
    files.map(async (file) => ({ shownAs: file, report: await readReport(path.resolve(io.cwd, file), file) })),
  );
  const report = mergeReports(given);
  const reporters = makeReporters({ reports: completeReportTargets(targets), color: flags.color ?? null }, io);
  for (const reporter of reporters) reporter.onEvent({ type: 'run-finished', report });
  for (const reporter of reporters) await reporter.close();
  return report.run.exitCode;
}
