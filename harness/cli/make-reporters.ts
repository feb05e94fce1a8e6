/** From what a run was asked to report to the reporters that do it. */
import { randomUUID } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunSettings } from '../config/settings.ts';
import type { ReportTarget } from '../config/report-target.ts';
import type { StorePlace } from '../config/store-place.ts';
import { messageOf, PalindromeError } from '../core/errors.ts';
import type { Reporter } from '../core/events.ts';
import type { PastRun } from '../core/past-run.ts';
import type { Report } from '../core/report.ts';
import { createFinalReporter } from '../../reports/final-report.ts';
import { createGithubReporter } from '../../reports/github.ts';
import { renderJson } from '../../reports/json.ts';
import { renderMarkdown } from '../../reports/markdown.ts';
import { makeStyle } from '../../reports/style.ts';
import { createTerminalReporter } from '../../reports/terminal.ts';
import { writeReport } from '../../reports/write-report.ts';
import { canRedraw, styleFor } from './io.ts';
import type { Io } from './io.ts';

const MOST_PAST_RUNS = 50;

/** Without a store, earlier runs are shown nowhere. */
type ReportSettings = Pick<RunSettings, 'reports' | 'color'> & Partial<Pick<RunSettings, 'store'>>;

/** One for each report, and progress on standard error where the terminal report is not on standard output. */
export function makeReporters({ reports, color, store }: ReportSettings, io: Io): readonly Reporter[] {
  const hasTerminal = reports.some(isOnTerminal);
  // What switches workflow commands off has to be printed before anything else.
  const inOrder = reports.toSorted((a, b) => Number(b.format === 'github') - Number(a.format === 'github'));
  const made = inOrder.map((target) => makeReporter(target, color, io, store ?? null));
  return hasTerminal ? made : [...made, progressReporter(io, color)];
}

function isOnTerminal({ format, file }: ReportTarget): boolean {
  return format === 'terminal' && file === null;
}

function makeReporter(
  { format, file }: ReportTarget,
  color: boolean | null,
  io: Io,
  store: StorePlace | null,
): Reporter {
  const write = (text: string): Promise<void> => (file === null ? writeOut(io, text) : writeReport(file, text));
  if (format === 'terminal') return file === null ? terminalReporter(io, color) : terminalFileReporter(file);
  if (format === 'github') return githubReporter(file, write, io);
  return createFinalReporter(async (report) => write(await RENDERERS[format](report, io, store)));
}

type DocumentFormat = Exclude<ReportTarget['format'], 'terminal' | 'github'>;

/** What is dear to load is loaded only where it is asked for. */
const RENDERERS: Readonly<
  Record<DocumentFormat, (report: Report, io: Io, store: StorePlace | null) => Promise<string>>
> = {
  json: async (report) => renderJson(report),
  markdown: async (report) => renderMarkdown(report),
  junit: async (report) => {
    const { renderJunit } = await import('../../reports/junit.ts');
    return renderJunit(report);
  },
  html: async (report, _io, store) => {
    const { renderPage } = await import('../../reports/page/render-page.ts');
    return renderPage(report, store === null ? [] : await pastRunsOf(store));
  },
  sarif: async (report, io) => {
    const [{ renderSarif }, { ALL_PROPERTIES }] = await Promise.all([
      import('../../reports/sarif.ts'),
      import('../../properties/catalogue.ts'),
    ]);
    return renderSarif(report, { properties: ALL_PROPERTIES, prefix: repositoryPrefix(io) });
  },
};

/** Earlier runs are an extra: a store that cannot be had now takes no report away. */
async function pastRunsOf(place: StorePlace): Promise<readonly PastRun[]> {
  const { openStoreOf } = await import('./open-store-of.ts');
  try {
    await using store = await openStoreOf(place);
    return await store.readPastRuns(MOST_PAST_RUNS);
  } catch {
    return [];
  }
}

function githubReporter(file: string | null, write: (text: string) => Promise<void>, io: Io): Reporter {
  const summary = io.env['GITHUB_STEP_SUMMARY'];
  return createGithubReporter({
    write,
    appendSummary:
      summary === undefined || summary === ''
        ? null
        : (markdown) => appendSummary(path.resolve(io.cwd, summary), markdown),
    prefix: repositoryPrefix(io),
    guard: file === null ? { word: randomUUID(), print: io.out } : null,
  });
}

async function appendSummary(file: string, markdown: string): Promise<void> {
  try {
    await appendFile(file, markdown);
  } catch (cause) {
    throw new PalindromeError(
      'report-not-written',
      `The step's summary could not be added to ${file}: ${messageOf(cause)}`,
      {
        kind: 'environment',
        hint: 'GitHub names the file in GITHUB_STEP_SUMMARY. Unset it to go without a summary.',
        cause,
      },
    );
  }
}

/** From the root of the checkout, where GitHub says it, to where the command runs: files of a report are relative to the latter. */
function repositoryPrefix({ env, cwd }: Io): string {
  const root = env['GITHUB_WORKSPACE'];
  if (root === undefined || root === '') return '';
  const relative = path.relative(root, cwd).replaceAll(path.sep, '/');
  return relative === '' || relative.startsWith('..') || path.isAbsolute(relative) ? '' : `${relative}/`;
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
