/** A campaign run by one process, and by workers on a queue. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Report } from '../../harness/core/report.ts';
import { type Finished, runCli, type Running, startCli } from '../cli/run-cli.ts';

const ROOT = path.join(import.meta.dirname, '../..');

export interface CampaignBench extends AsyncDisposable {
  readonly store: string;
  /** Arguments of `fuzz` that both ways share. */
  readonly args: readonly string[];
  /** What one process comes to, on a store that nothing was written to. */
  alone(): Promise<Report>;
  /** Submits the campaign, on a store that nothing was written to. */
  submit(url: string, more?: readonly string[]): Promise<Running>;
}

export function startWorker(url: string, more: readonly string[] = ['--drain']): Running {
  return startCli(['worker', '--queue', url, ...more], ROOT);
}

export async function makeCampaign(paths: readonly string[], each: number): Promise<CampaignBench> {
  const store = await mkdtemp(path.join(os.tmpdir(), 'palindrome-queue-'));
  const args = [
    'fuzz',
    ...paths,
    '--cases-each',
    String(each),
    '--seed',
    '11',
    '--property',
    'applies,rollback-restores,chain-unwinds',
    '--store',
    store,
    '--report',
    'json',
  ];
  const empty = (): Promise<void> => rm(store, { recursive: true, force: true });
  return {
    store,
    args,
    async alone() {
      await empty();
      return reportOf(await runCli(args, ROOT));
    },
    async submit(url, more = []) {
      await empty();
      return startCli([...args, '--queue', url, ...more], ROOT);
    },
    [Symbol.asyncDispose]: empty,
  };
}

export function reportOf({ out, err, code }: Finished): Report {
  try {
    return JSON.parse(out) as Report;
  } catch {
    throw new Error(`exit code ${code}, no report:\n${out}\n${err}`);
  }
}

/** A report as far as it does not tell of time. */
export function withoutTimes(report: Report): unknown {
  const text = JSON.stringify({ ...report, limits: report.limits.toSorted() }, (key, value: unknown) =>
    key === 'durationMs' || key === 'spentMs' ? 0 : value,
  );
  return JSON.parse(text);
}
