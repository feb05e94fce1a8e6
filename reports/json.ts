/** The report for programs: `palindrome-report/1`, described by `report.schema.json`. */
import type { Reporter } from '../harness/core/events.ts';
import type { MutantsReport } from '../harness/core/mutants-report.ts';
import type { Report } from '../harness/core/report.ts';
import { compareText } from '../harness/core/text.ts';
import { createFinalReporter } from './final-report.ts';

/** Keys in the order in which a person reads them; all others follow by code unit. */
const READING_ORDER = (
  'format tool run sets limits verb seed exitCode durationMs stoppedBecause ' +
  'id name path layout dialect engineVersion provider version notes migrations ' +
  'upFile downFile upSha256 downSha256 results property clause verdict cases discarded reason ' +
  'counterexample generation file repro replay shrinks steps dataset finding message object ' +
  'change kind table attribute columns key column expected actual rows'
).split(' ');
const RANK = new Map(READING_ORDER.map((key, index) => [key, index]));

/** The report as JSON text. Equal reports give equal text, whatever the order in which their keys were set. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(report, orderKeys, 2)}\n`;
}

/** The report over mutants as JSON text; its keys stand in the order of their types. */
export function renderMutantsJson(report: MutantsReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** Writes the final report, once, when closed; nothing where the run never finished. */
export function createJsonReporter(write: (text: string) => Promise<void>): Reporter {
  return createFinalReporter((report) => write(renderJson(report)));
}

function orderKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const last = READING_ORDER.length;
  return Object.fromEntries(
    Object.entries(value).toSorted(([a], [b]) => (RANK.get(a) ?? last) - (RANK.get(b) ?? last) || compareText(a, b)),
  );
}
