/**
 * `npm run faults`: tries every pair of the fault catalogue with many seeds and prints what was found.
 *
 *     npm run faults                        20 seeds
 *     npm run faults -- --seeds 3           the first three
 *     npm run faults -- --property ID       only this property's pairs (may be given again)
 *     npm run faults -- --case GLOB         only pairs `<property>/<case>` that match
 *     npm run faults -- --dialect NAME      only pairs of this dialect
 *     npm run faults -- --missing           only pairs that are not recorded
 *     npm run faults -- --beside N          N pairs of each dialect at a time, each with a server of its own (one for each two processors)
 *     npm run faults -- --record            also writes migrations/faults/measured.json, pair by pair, and in the end the README's table
 *
 * Exit code 0: every bad twin was found with every seed, and no good one was complained about. 1: not so. 2: the command line is wrong.
 * 3: a pair could not be tried. 130: interrupted.
 */
import { readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { watchInterrupts } from '../../harness/cli/interrupts.ts';
import { messageOf } from '../../harness/core/errors.ts';
import { matchesGlob } from '../../harness/core/glob.ts';
import { PROPERTY_IDS } from '../../harness/core/property.ts';
import { showDuration } from '../../reports/fit.ts';
import { readFaultCases, type FaultCase } from './fault-cases.ts';
import { openFaultLab } from './fault-lab.ts';
import { type Measured, measurePairs } from './measure.ts';
import { addToRecorded, readRecorded, SEEDS } from './recorded.ts';
import { drawTable, findTable, isPerfect, renderMarkdown, rowsOf } from './table.ts';

const README = join(import.meta.dirname, '../../README.md');

interface Wish {
  readonly faults: readonly FaultCase[];
  readonly seeds: readonly number[];
  /** Pairs of each dialect at a time. */
  readonly beside: number;
  readonly isRecording: boolean;
}

async function readCommand(args: readonly string[]): Promise<Wish> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: String(SEEDS) },
      property: { type: 'string', multiple: true, default: [] },
      case: { type: 'string', default: '**' },
      dialect: { type: 'string' },
      missing: { type: 'boolean', default: false },
      beside: { type: 'string', default: String(Math.max(1, Math.floor(os.availableParallelism() / 2))) },
      record: { type: 'boolean', default: false },
    },
  });
  const stranger = values.property.find((id) => !PROPERTY_IDS.some((known) => known === id));
  if (stranger !== undefined)
    throw new Error(`There is no property ${stranger}; there are ${PROPERTY_IDS.join(', ')}.`);
  if (!/^[1-9]\d{0,3}$/.test(values.seeds)) throw new Error(`--seeds is a number from 1 to 9999, not ${values.seeds}.`);
  if (!/^[1-9]\d?$/.test(values.beside)) throw new Error(`--beside is a number from 1 to 99, not ${values.beside}.`);
  if (values.record && values.seeds !== String(SEEDS)) throw new Error(`What is recorded has ${SEEDS} seeds.`);
  const recorded = values.missing ? readRecorded() : new Map<string, Measured>();
  const faults = readFaultCases().filter(
    ({ name, property, dialect }) =>
      !recorded.has(name) &&
      (values.dialect === undefined || values.dialect === dialect) &&
      (values.property.length === 0 || values.property.includes(property)) &&
      matchesGlob(values.case, name),
  );
  if (faults.length === 0) throw new Error('No pair is left to try.');
  const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => index + 1);
  return { faults, seeds, beside: Number(values.beside), isRecording: values.record };
}

async function run({ faults, seeds, beside, isRecording }: Wish, signal: AbortSignal): Promise<number> {
  const started = performance.now();
  const { stdout, stderr } = process;
  let done = 0;
  let measured: ReadonlyMap<string, Measured>;
  const labs = Array.from({ length: beside }, () => openFaultLab(signal));
  try {
    measured = await measurePairs({
      faults,
      seeds,
      labs,
      onPair({ name }, seen) {
        const cases = seen.needed.map((needed) => needed ?? '–').join(' ');
        stderr.write(`${++done} of ${faults.length}  ${name}: ${cases}\n`);
        for (const alarm of seen.falseAlarms) stderr.write(`  false alarm, ${alarm}\n`);
        // What an interrupt leaves undone is tried later, with --missing.
        if (isRecording) addToRecorded(new Map([[name, seen]]));
      },
    });
  } finally {
    await Promise.all(labs.map((lab) => lab[Symbol.asyncDispose]()));
  }
  stdout.write(`${drawTable(rowsOf(faults, measured))}\n\n`);
  const flawed = [...measured].filter(([, seen]) => !isPerfect(seen)).map(([name]) => name);
  for (const name of flawed) stdout.write(`not told apart: ${name}\n`);
  stdout.write(`${faults.length} pairs, ${seeds.length} seeds, ${showDuration(performance.now() - started)}\n`);
  if (isRecording) await record(measured);
  return flawed.length === 0 ? 0 : 1;
}

async function record(measured: ReadonlyMap<string, Measured>): Promise<void> {
  const recorded = addToRecorded(measured);
  const text = await readFile(README, 'utf8');
  const old = findTable(text);
  if (old === null) throw new Error('README.md has no table of faults to renew.');
  await writeFile(
    README,
    text.replace(old, () => renderMarkdown(rowsOf(readFaultCases(), recorded), SEEDS)),
  );
  process.stderr.write('recorded: migrations/faults/measured.json, README.md\n');
}

async function main(): Promise<number> {
  let wish: Wish;
  try {
    wish = await readCommand(process.argv.slice(2));
  } catch (fault) {
    process.stderr.write(`error: ${messageOf(fault)}\n`);
    return 2;
  }
  const stop = new AbortController();
  watchInterrupts(stop, (line) => process.stderr.write(`${line}\n`));
  try {
    return await run(wish, stop.signal);
  } catch (fault) {
    if (stop.signal.aborted) return 130;
    process.stderr.write(`error: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}\n`);
    return 3;
  }
}

process.exitCode = await main();
