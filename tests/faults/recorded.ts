/**
 * `migrations/faults/measured.json`: what `npm run faults -- --record` last saw, a pair in a line, so that the README's table can be drawn
 * without measuring again.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { compareText } from '../../harness/core/text.ts';
import { readFaultCases } from './fault-cases.ts';
import type { Measured } from './measure.ts';

const FILE = join(import.meta.dirname, '../../migrations/faults/measured.json');

/** What is recorded was seen with the seeds from 1 to this. */
export const SEEDS = 20;

const RECORDED = z.record(
  z.string(),
  z.strictObject({
    needed: z.array(z.int().positive().nullable()).readonly(),
    falseAlarms: z.array(z.string()).readonly(),
  }),
);

/** Reads what is recorded, by pair: nothing where there is no file. Throws where it is not of its shape. */
export function readRecorded(): ReadonlyMap<string, Measured> {
  if (!existsSync(FILE)) return new Map();
  return new Map(Object.entries(RECORDED.parse(JSON.parse(readFileSync(FILE, 'utf8')))));
}

/**
 * Adds pairs to what is recorded, and leaves out those that are not in the catalogue. It is read again and replaced in one go, so that runs
 * side by side do not lose each other's pairs, and one that is killed loses the pair that it was at.
 */
export function addToRecorded(measured: ReadonlyMap<string, Measured>): ReadonlyMap<string, Measured> {
  const names = new Set(readFaultCases().map(({ name }) => name));
  const all = new Map([...readRecorded(), ...measured].filter(([name]) => names.has(name)));
  const lines = [...all]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([name, seen]) => `  ${JSON.stringify(name)}: ${JSON.stringify(seen)}`);
  const whole = `${FILE}.${process.pid}.tmp`;
  writeFileSync(whole, `{\n${lines.join(',\n')}\n}\n`);
  renameSync(whole, FILE);
  return all;
}
