import path from 'node:path';
import { PalindromeError } from '../core/errors.ts';
import { suggestion } from './nearest.ts';

/** Formats that this version writes. */
const REPORT_FORMATS = ['terminal', 'json', 'junit', 'sarif', 'github', 'markdown', 'html'] as const;
type ReportFormat = (typeof REPORT_FORMATS)[number];

/** In words, for people: `terminal, json, … or html`. */
export const REPORT_FORMATS_IN_WORDS = `${REPORT_FORMATS.slice(0, -1).join(', ')} or ${REPORT_FORMATS.at(-1)}`;

/** Where one report goes. */
export interface ReportTarget {
  readonly format: ReportFormat;
  /** Absolute path; null: standard output. */
  readonly file: string | null;
}

/**
 * Reads `FORMAT` or `FORMAT=FILE`; `folder` is what FILE is relative to.
 * Throws `report-unknown` for a format that does not exist.
 */
export function parseReportTarget(given: string, folder: string): ReportTarget {
  const at = given.indexOf('=');
  const format = at === -1 ? given : given.slice(0, at);
  const file = at === -1 ? null : given.slice(at + 1);
  if (!isReportFormat(format))
    throw new PalindromeError(
      'report-unknown',
      `There is no report format "${format}"${suggestion(format, REPORT_FORMATS)}`,
      { hint: `Formats are ${REPORT_FORMATS_IN_WORDS}, each with an optional file: --report json=report.json` },
    );
  if (file === '') throw new PalindromeError('report-unknown', `--report ${given} names no file after "=".`);
  return { format, file: file === null ? null : path.resolve(folder, file) };
}

/**
 * The reports of a run. The terminal report is printed unless another one takes standard output; annotations for GitHub share it with
 * the terminal report. Throws `report-conflict` where two would share a file, or standard output in any other way.
 */
export function completeReportTargets(targets: readonly ReportTarget[]): readonly ReportTarget[] {
  const seen = new Set<string>();
  for (const target of targets) {
    const place = placeOf(target);
    if (seen.has(place)) throw new PalindromeError('report-conflict', `Two reports would be written to ${place}.`);
    seen.add(place);
  }
  return seen.has(STANDARD_OUTPUT) ? checkAnnotations(targets) : addTerminal(targets);
}

const STANDARD_OUTPUT = 'standard output';
const ANNOTATIONS = 'the log of the job';

function placeOf({ format, file }: ReportTarget): string {
  return file ?? (format === 'github' ? ANNOTATIONS : STANDARD_OUTPUT);
}

/** Between the lines of a document, annotations would break it. */
function checkAnnotations(targets: readonly ReportTarget[]): readonly ReportTarget[] {
  const other = targets.find(({ format, file }) => file === null && format !== 'github' && format !== 'terminal');
  if (other !== undefined && targets.some((target) => placeOf(target) === ANNOTATIONS))
    throw new PalindromeError(
      'report-conflict',
      `The ${other.format} report and annotations for GitHub would both be written to standard output.`,
      { hint: `Give one of them a file: --report github --report ${other.format}=FILE` },
    );
  return targets;
}

function addTerminal(targets: readonly ReportTarget[]): readonly ReportTarget[] {
  return [{ format: 'terminal', file: null }, ...targets];
}

function isReportFormat(format: string): format is ReportFormat {
  return (REPORT_FORMATS as readonly string[]).includes(format);
}
