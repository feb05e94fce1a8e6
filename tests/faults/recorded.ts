/**
 * `migrations/faults/measured.json`: what `npm run faults -- --record` last saw, a pair in a line, so that the README's table can be drawn
 * without measuring again.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { compareText } from '../../harness/core/text.ts';
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
export async function readRecorded(): Promise<ReadonlyMap<string, Measured>> {
  if (!existsSync(FILE)) return new Map();
  return new Map(Object.entries(RECORDED.parse(JSON.parse(await readFile(FILE, 'utf8')))));
}

/** Writes what was measured of all pairs, at once: pairs that are done at the same time do not meet in the file. */
export function writeRecorded(measured: ReadonlyMap<string, Measured>): void {
  const lines = [...measured]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([name, seen]) => `  ${JSON.stringify(name)}: ${JSON.stringify(seen)}`);
  writeFileSync(FILE, `{\n${lines.join(',\n')}\n}\n`);
}
