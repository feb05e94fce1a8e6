/**
 * Writes the synthetic set (`example-set.ts`) into a folder, in golang-migrate's layout:
 * `npx tsx bench/make-set.ts <postgres|sqlite> <1 to 420> <folder>`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DialectName } from '../harness/core/migration.ts';
import { exampleSet, MOST_MIGRATIONS } from './example-set.ts';

/** Makes the folder where it is missing and writes an up and a down file for each migration. */
export async function makeSet(dialect: DialectName, count: number, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, up, down } of exampleSet(dialect, count)) {
    await writeFile(path.join(folder, `${name}.up.sql`), up);
    await writeFile(path.join(folder, `${name}.down.sql`), down);
  }
}

function isDialect(text: string | undefined): text is DialectName {
  return text === 'postgres' || text === 'sqlite';
}

async function main([dialect, count, folder]: readonly string[]): Promise<void> {
  const number = Number(count);
  if (
    !isDialect(dialect) ||
    !Number.isInteger(number) ||
    number < 1 ||
    number > MOST_MIGRATIONS ||
    folder === undefined
  )
    throw new RangeError(`usage: make-set.ts <postgres|sqlite> <1 to ${MOST_MIGRATIONS}> <folder>`);
  await makeSet(dialect, number, folder);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(process.argv.slice(2));
