import path from 'node:path';
import { PalindromeError } from '../core/errors.ts';
import { suggestion } from './nearest.ts';

/** Formats that this version writes. */
const REPORT_FORMATS = ['terminal', 'json'] as const;
type ReportFormat = (typeof REPORT_FORMATS)[number];

const LATER_FORMATS = ['junit', 'sarif', 'github', 'html'];

/** Where one report goes. */
export interface ReportTarget {
  readonly format: ReportFormat;
  /** Absolute path; null: standard output. */
  readonly file: string | null;
}

/**
 * Reads `FORMAT` or `FORMAT=FILE`; `folder` is what FILE is relative to.
 * Throws `report-unknown` for a format that does not exist, `report-unavailable` for one that is planned.
 */
export function parseReportTarget(given: string, folder: string): ReportTarget {
  const at = given.indexOf('=');
  const format = at === -1 ? given : given.slice(0, at);
  const file = at === -1 ? null : given.slice(at + 1);
  if (LATER_FORMATS.includes(format))
    throw new PalindromeError('report-unavailable', `The report format "${format}" is not available in this version.`, {
      hint: `Available are ${REPORT_FORMATS.join(' and ')}.`,
    });
  if (!isReportFormat(format))
    throw new PalindromeError(
      'report-unknown',
      `There is no report format "${format}"${suggestion(format, REPORT_FORMATS)}`,
      { hint: `Available are ${REPORT_FORMATS.join(' and ')}, each with an optional file: --report json=report.json` },
    );
  if (file === '') throw new PalindromeError('report-unknown', `--report ${given} names no file after "=".`);
  return { format, file: file === null ? null : path.resolve(folder, file) };
}

/**
 * The reports of a run. The terminal report is printed unless another one takes standard output.
 * Throws `report-conflict` where two would share standard output or a file.
 */
export function completeReportTargets(targets: readonly ReportTarget[]): readonly ReportTarget[] {
  const seen = new Set<string>();
  for (const { file } of targets) {
    const place = file ?? 'standard output';
    if (seen.has(place)) throw new PalindromeError('report-conflict', `Two reports would be written to ${place}.`);
    seen.add(place);
  }
  return seen.has('standard output') ? targets : [{ format: 'terminal', file: null }, ...targets];
}

function isReportFormat(format: string): format is ReportFormat {
  return (REPORT_FORMATS as readonly string[]).includes(format);
}
