/** Each run beside the ones before it: compared while its report is made, and added to the store's history. */
import { readFile } from 'node:fs/promises';
import {
  baseOf,
  compareRuns,
  entryOf,
  exitCodeWithout,
  lastRunOf,
  type ComparisonBase,
} from '../campaign/compare-runs.ts';
import type { RunSettings } from '../config/settings.ts';
import { messageOf, PalindromeError } from '../core/errors.ts';
import type { CampaignEvent } from '../core/events.ts';
import { shortId } from '../core/hash.ts';
import type { HistoryEntry } from '../core/history.ts';
import type { Report } from '../core/report.ts';
import type { Store } from '../store/store.ts';

/** What a run remembers and is compared with. */
export interface Remembering {
  /** The report with the comparison, and the exit code that follows from it. Adds the run to the history; where that fails, a note says so. */
  conclude(report: Report): Promise<Report>;
}

/** Reads the history and the base before the run, so that what is wrong with them is told first. Throws `base-unreadable`, `base-invalid`, `store-newer`, `store-invalid`. */
export async function openRemembering(
  run: RunSettings,
  store: Store,
  emit: (event: CampaignEvent) => void,
): Promise<Remembering> {
  const at = new Date().toISOString();
  const { runs } = await store.readHistory();
  const given = run.base === null ? null : await readBase(run.base.file, run.base.shownAs);
  const about = { id: shortId(`${at} ${process.pid} ${run.seed}`), at, only: run.only, properties: run.propertyIds };
  return {
    async conclude(report) {
      const compared = compare(report, runs, given, run.failOn);
      await remember(store, entryOf(compared, about), emit);
      return compared;
    },
  };
}

function compare(
  report: Report,
  runs: readonly HistoryEntry[],
  given: ComparisonBase | null,
  failOn: RunSettings['failOn'],
): Report {
  const nothing = failOn === 'new' ? { name: 'nothing: no earlier run is known', failures: [], isLastRun: true } : null;
  const base =
    given ??
    lastRunOf(
      runs,
      report.sets.map(({ path }) => path),
    ) ??
    nothing;
  if (base === null) return report;
  const comparison = compareRuns(report, base, runs, failOn);
  return { ...report, run: { ...report.run, exitCode: exitCodeWithout(report, comparison) }, comparison };
}

async function remember(store: Store, entry: HistoryEntry, emit: (event: CampaignEvent) => void): Promise<void> {
  try {
    await store.addRun(entry);
  } catch (thrown) {
    emit({ type: 'note', message: `this run was not added to the history: ${messageOf(thrown)}` });
  }
}

async function readBase(file: string, shownAs: string): Promise<ComparisonBase> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new PalindromeError('base-unreadable', `Could not read ${shownAs}: ${messageOf(cause)}`, {
      hint: 'Give --base the JSON report of the base branch (--report json=report.json there).',
      cause,
    });
  }
  const report = parse(text);
  if (report?.format !== 'palindrome-report/1' || !Array.isArray(report.sets))
    throw new PalindromeError('base-invalid', `${shownAs} is no report of the format palindrome-report/1.`, {
      hint: 'Give --base the file that --report json=FILE wrote on the base branch, whole.',
    });
  return baseOf(shownAs, report);
}

function parse(text: string): Report | null {
  try {
    return JSON.parse(text) as Report;
  } catch {
    return null;
  }
}
