/**
 * Runs the built command line as a user does, and watches the process from outside: time, memory, first verdict.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Report } from '../harness/core/report.ts';

const MAIN = path.join(import.meta.dirname, '..', 'dist', 'harness', 'cli', 'main.js');
const SAMPLE_MS = 20;
/** A migration's line in the terminal report. */
const VERDICT_LINE = /^[✓✗?–] \S/m;

export interface Measurement {
  readonly seconds: number;
  /** From the start of the process to the line of the first migration; null where none was printed. */
  readonly firstVerdictSeconds: number | null;
  /** Highest resident memory of the Node process, without its children, in MB (10⁶ bytes); null where the system does not tell. */
  readonly peakMegabytes: number | null;
  readonly report: Report;
}

/** Verifies a set in a process of its own. Throws where it ends with anything but 0, 1 or 4. */
export async function runVerify(
  folder: string,
  flags: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Measurement> {
  const store = await mkdtemp(path.join(os.tmpdir(), 'palindrome-measure-'));
  try {
    return await measure(
      folder,
      [...flags, '--store', path.join(store, 'store')],
      path.join(store, 'report.json'),
      env,
    );
  } finally {
    await rm(store, { recursive: true, force: true });
  }
}

async function measure(
  folder: string,
  flags: readonly string[],
  report: string,
  env: Readonly<Record<string, string>>,
): Promise<Measurement> {
  const started = performance.now();
  const since = () => (performance.now() - started) / 1000;
  const args = [MAIN, 'verify', folder, '--seed', '1', ...flags, '--report', 'terminal', '--report', `json=${report}`];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  let firstVerdictSeconds: number | null = null;
  let peakMegabytes: number | null = null;
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (firstVerdictSeconds === null && VERDICT_LINE.test(out)) firstVerdictSeconds = since();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const sampler = setInterval(() => {
    void readPeak(child.pid).then((peak) => (peakMegabytes = Math.max(peak ?? 0, peakMegabytes ?? 0) || null));
  }, SAMPLE_MS);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).finally(() => clearInterval(sampler));
  const seconds = since();
  if (code !== 0 && code !== 1 && code !== 4) throw new Error(`verify ended with ${code}:\n${out.slice(-2000)}${err}`);
  const parsed = JSON.parse(await readFile(report, 'utf8')) as Report;
  return { seconds, firstVerdictSeconds, peakMegabytes, report: parsed };
}

/** The kernel keeps the highest value, so that only what happens after the last sample is missed. */
async function readPeak(pid: number | undefined): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? null : (Number(kilobytes) * 1024) / 1e6;
}
