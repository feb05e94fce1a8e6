/**
 * `npm run measure`: what a run costs on this machine, as a table. `-- --only sqlite` runs the rows whose name has that text;
 * `-- --runs 3` repeats the timed runs and prints medians. Every number stands beside the load the machine was under.
 */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { DialectName } from '../harness/core/migration.ts';
import type { Report } from '../harness/core/report.ts';
import { compareText } from '../harness/core/text.ts';
import { makeSet } from './make-set.ts';
import { runVerify } from './run-verify.ts';
import type { Measurement } from './run-verify.ts';

interface Line {
  readonly what: string;
  readonly wanted: string;
  readonly measured: string;
}

interface Task {
  readonly name: string;
  readonly run: (setting: Setting) => Promise<readonly Line[]>;
}

interface Setting {
  readonly runs: number;
  /** An empty folder, removed at the end. */
  readonly scratch: string;
}

const EMBEDDED = ['--provider', 'embedded'];
const HARD_SCHEMA = path.join(import.meta.dirname, '..', 'tests', 'generators', 'fixtures', 'hard-postgres.sql');
const COUNTS = [10, 100, 300];
const LONGEST = 400;

const TASKS: readonly Task[] = [
  { name: 'time-postgres', run: (setting) => timeTen(setting, 'postgres', '< 60 s') },
  { name: 'time-sqlite', run: (setting) => timeTen(setting, 'sqlite', '< 15 s') },
  { name: 'memory-postgres', run: (setting) => peakMemory(setting, 'postgres') },
  { name: 'memory-sqlite', run: (setting) => peakMemory(setting, 'sqlite') },
  { name: 'growth-postgres', run: (setting) => growth(setting, 'postgres') },
  { name: 'growth-sqlite', run: (setting) => growth(setting, 'sqlite') },
  { name: 'discards', run: discards },
];

/** A set of `count` migrations in a folder of its own. */
async function writeSet({ scratch }: Setting, dialect: DialectName, count: number): Promise<string> {
  const folder = path.join(scratch, dialect, String(count));
  await makeSet(dialect, count, folder);
  return folder;
}

function flagsFor(dialect: DialectName, cases: number): readonly string[] {
  return ['--cases', String(cases), ...(dialect === 'postgres' ? EMBEDDED : [])];
}

async function timeTen(setting: Setting, dialect: DialectName, wanted: string): Promise<readonly Line[]> {
  const folder = await writeSet(setting, dialect, 10);
  const cache = path.join(setting.scratch, 'cache');
  await mkdir(cache, { recursive: true });
  const first = await runVerify(folder, flagsFor(dialect, 100), { XDG_CACHE_HOME: cache });
  const later: Measurement[] = [];
  while (later.length < setting.runs) later.push(await runVerify(folder, flagsFor(dialect, 100)));
  const name = `${dialect}: 10 migrations × 100 cases`;
  const times = later.map(({ seconds }) => seconds);
  return [
    { what: `${name}, first run`, wanted, measured: `${inSeconds(first.seconds)} (${verdicts(first.report)})` },
    { what: `${name}, later runs`, wanted, measured: `${inSeconds(median(times))} (${spread(times)})` },
    {
      what: `${dialect}: start to first verdict (100 cases)`,
      wanted: '',
      measured: inSeconds(median(later.flatMap(({ firstVerdictSeconds }) => firstVerdictSeconds ?? []))),
    },
  ];
}

async function peakMemory(setting: Setting, dialect: DialectName): Promise<readonly Line[]> {
  const folder = await writeSet(setting, dialect, LONGEST);
  const { peakMegabytes, seconds, report } = await runVerify(folder, flagsFor(dialect, 2));
  const measured = peakMegabytes === null ? 'not measured: no /proc here' : `${peakMegabytes.toFixed(0)} MB`;
  return [
    {
      what: `${dialect}: peak memory of node, ${LONGEST} migrations × 2 cases`,
      wanted: '< 300 MB',
      measured: `${measured} (${inSeconds(seconds)}; ${verdicts(report)})`,
    },
  ];
}

async function growth(setting: Setting, dialect: DialectName): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for (const count of COUNTS) {
    const folder = await writeSet(setting, dialect, count);
    const { seconds, report } = await runVerify(folder, flagsFor(dialect, 5));
    const each = report.sets.flatMap(({ migrations }) => migrations.map(({ durationMs }) => durationMs));
    lines.push({
      what: `${dialect}: ${count} migrations × 5 cases`,
      wanted: 'linear',
      measured: `${inSeconds(seconds)}, ${((seconds * 1000) / count).toFixed(0)} ms a migration (median ${median(each).toFixed(0)} ms judging)`,
    });
  }
  return lines;
}

async function discards(setting: Setting): Promise<readonly Line[]> {
  const folder = path.join(setting.scratch, 'hard-postgres');
  await mkdir(folder, { recursive: true });
  await copyFile(HARD_SCHEMA, path.join(folder, '0001_hard.up.sql'));
  await writeFile(path.join(folder, '0002_mark.up.sql'), 'CREATE TABLE mark (id bigint PRIMARY KEY);\n');
  await writeFile(path.join(folder, '0002_mark.down.sql'), 'DROP TABLE mark;\n');
  const { report } = await runVerify(folder, [...flagsFor('postgres', 100), '--only', '0002*']);
  return report.sets.map(({ generation: { proposedRows, refusedRows, emptyTables, refusals } }) => ({
    what: 'postgres: rows refused, 40 tables of the hard schema × 100 cases',
    wanted: '< 10 %',
    measured: `${((100 * refusedRows) / Math.max(1, proposedRows)).toFixed(2)} % (${refusedRows} of ${proposedRows} rows, ${refusals.length} constraints, ${emptyTables.length} tables left empty)`,
  }));
}

function verdicts({ sets }: Report): string {
  const all = sets.flatMap(({ migrations }) => migrations.flatMap(({ results }) => results));
  const kinds = [...new Set(all.map(({ verdict }) => verdict))].toSorted(compareText);
  return kinds.map((kind) => `${all.filter(({ verdict }) => verdict === kind).length} ${kind}`).join(', ');
}

function inSeconds(seconds: number): string {
  return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
}

function spread(times: readonly number[]): string {
  return `${times.length} runs, ${inSeconds(Math.min(...times))} to ${inSeconds(Math.max(...times))}`;
}

function median(values: readonly number[]): number {
  const ordered = values.toSorted((a, b) => a - b);
  const middle = Math.floor(ordered.length / 2);
  const upper = ordered[middle] ?? Number.NaN;
  return ordered.length % 2 === 1 ? upper : ((ordered[middle - 1] ?? Number.NaN) + upper) / 2;
}

function describeMachine(): string {
  const [cpu] = os.cpus();
  const memory = `${(os.totalmem() / 1e9).toFixed(0)} GB`;
  return `${os.availableParallelism()} × ${cpu?.model ?? 'unknown processor'}, ${memory}, ${os.type()} ${os.release()}, Node ${process.versions.node}`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: 'string' }, runs: { type: 'string', default: '3' } } });
  const tasks = TASKS.filter(({ name }) => name.includes(values.only ?? ''));
  const runs = Number(values.runs);
  if (tasks.length === 0 || !Number.isInteger(runs) || runs < 1)
    throw new RangeError(
      `--only takes part of one of ${TASKS.map(({ name }) => name).join(', ')}; --runs a number from 1`,
    );
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'palindrome-measure-sets-'));
  try {
    console.log(`${describeMachine()}\n`);
    console.log('| what | wanted | measured | load before → after (1 min) |\n|---|---|---|---|');
    for (const task of tasks) {
      const load = os.loadavg()[0] ?? 0;
      const lines = await task.run({ runs, scratch });
      const after = os.loadavg()[0] ?? 0;
      for (const { what, wanted, measured } of lines)
        console.log(`| ${what} | ${wanted} | ${measured} | ${load.toFixed(1)} → ${after.toFixed(1)} |`);
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

await main();
