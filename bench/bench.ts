/**
 * `npm run bench`: Palindrome beside what a user would do instead, in one run. `-- --rounds 5` takes more turns, `-- --only sqlite` rows whose
 * name has that text, `-- --json FILE` writes the numbers as data. `bench/README.md` says what each row does.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openPostgresRows, ROW } from './compare/postgres.ts';
import { runRows } from './compare/run-rows.ts';
import { openSqliteRows, SQLITE_ROW } from './compare/sqlite.ts';
import { ratiosOf, renderTables, type Target } from './compare/summary.ts';

const TARGETS: readonly Target[] = [
  {
    what: 'a container per case / Palindrome, all cores',
    above: ROW.container,
    below: ROW.all,
    wanted: { atLeast: 100 },
  },
  { what: 'restoreSnapshot / Palindrome, all cores', above: ROW.restore, below: ROW.all, wanted: { atLeast: 12 } },
  { what: 'a clone per case / Palindrome, all cores', above: ROW.clone, below: ROW.all, wanted: { atLeast: 4 } },
  { what: 'PGlite / Palindrome, all cores', above: ROW.pglite, below: ROW.all, wanted: { atLeast: 1 } },
  { what: 'Palindrome, all cores / the floor', above: ROW.all, below: ROW.floor, wanted: { atMost: 2 } },
  {
    what: 'SQLite: a file copy per case / Palindrome, all cores',
    above: SQLITE_ROW.copy,
    below: SQLITE_ROW.all,
    wanted: { atLeast: 1 },
  },
  {
    what: 'SQLite: Palindrome, all cores / the floor',
    above: SQLITE_ROW.all,
    below: SQLITE_ROW.floor,
    wanted: { atMost: 3 },
  },
];
const FLOORS: ReadonlyMap<string, string> = new Map([
  ...Object.values(ROW).map((name): [string, string] => [name, ROW.floor]),
  ...Object.values(SQLITE_ROW).map((name): [string, string] => [name, SQLITE_ROW.floor]),
]);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      rounds: { type: 'string', default: '3' },
      scale: { type: 'string', default: '1' },
      json: { type: 'string' },
      image: { type: 'string' },
    },
  });
  const [rounds, scale] = [Number(values.rounds), Number(values.scale)];
  if (!Number.isInteger(rounds) || rounds < 1 || !(scale > 0))
    throw new RangeError('--rounds takes a whole number from 1, --scale a number above 0');
  const image = values.image ?? process.env['PALINDROME_TEST_IMAGE'] ?? 'postgres:17-alpine';
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'palindrome-bench-'));
  const loads = [os.loadavg()[0] ?? 0];
  try {
    const folders = [path.join(scratch, 'postgres-set'), path.join(scratch, 'sqlite-set')] as const;
    for (const folder of folders) await mkdir(folder);
    await using postgres = await openPostgresRows(scratch, image, folders[0]);
    const entries = [...postgres.entries, ...(await openSqliteRows(scratch, folders[1]))];
    const rows = await runRows(
      entries.filter(({ name }) => name.toLowerCase().includes(values.only.toLowerCase())),
      { rounds, scale, onTurn: (line) => process.stderr.write(`${line}\n`) },
    );
    loads.push(os.loadavg()[0] ?? 0);
    const ratios = ratiosOf(rows, TARGETS);
    const machine = `${os.availableParallelism()} × ${os.cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}`;
    console.log(`${machine}; load ${loads.map((load) => load.toFixed(1)).join(' → ')}; ${rounds} rounds\n`);
    console.log(renderTables(rows, ratios, FLOORS));
    if (values.json !== undefined)
      await writeFile(values.json, `${JSON.stringify({ machine, loads, rounds, rows, ratios }, null, 2)}\n`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

await main();
