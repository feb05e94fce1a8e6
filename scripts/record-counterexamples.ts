/**
 * Runs the pair that stands on the page of each property, with a fixed seed, and keeps what was found, so that writing the pages needs no
 * database. `--missing`: only pairs that were not recorded. Names of properties: only these.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verify } from '../harness/cli/library.ts';
import { PROPERTY_IDS } from '../harness/core/property.ts';
import { compareText } from '../harness/core/text.ts';
import { ALL_PROPERTIES } from '../properties/catalogue.ts';
import { COUNTEREXAMPLES, exampleFor, readCounterexamples, type RecordedCounterexample } from './property-pages.ts';

const ROOT = join(import.meta.dirname, '..');
const SEED = 1;
const CASES = 100;

/** What the bad twin of a pair ends in. Throws where it is not falsified. */
export async function findCounterexample(name: string, store: string): Promise<RecordedCounterexample> {
  const report = await verify({
    paths: [`migrations/faults/${name}/bad`],
    cwd: ROOT,
    property: PROPERTY_IDS.filter((id) => name.startsWith(`${id}/`)),
    cases: CASES,
    seed: SEED,
    provider: 'embedded',
    store,
  });
  const [set] = report.sets;
  const results = report.sets.flatMap(({ migrations }) => migrations.flatMap((migration) => migration.results));
  const found = results.find(({ verdict, counterexample }) => verdict === 'falsified' && counterexample !== null);
  const example = found?.counterexample;
  if (set === undefined || found?.clause == null || example == null)
    throw new Error(`${name}: the bad migration was not falsified (${report.run.stoppedBecause})`);
  const engine = set.dialect === 'postgres' ? `PostgreSQL ${set.engineVersion.split('.')[0] ?? ''}` : 'SQLite';
  return {
    seed: SEED,
    engine,
    clause: found.clause,
    message: example.finding.message,
    dataset: example.dataset,
    steps: example.steps,
    sentences: example.explanation?.sentences ?? [],
  };
}

if (process.argv[1]?.endsWith('record-counterexamples.ts') === true) {
  const asked = process.argv.slice(2);
  const isOnlyMissing = asked.includes('--missing');
  const wanted = asked.filter((argument) => !argument.startsWith('--'));
  const known: Record<string, RecordedCounterexample> = { ...readCounterexamples() };
  const store = await mkdtemp(join(tmpdir(), 'palindrome-counterexamples-'));
  try {
    const names = ALL_PROPERTIES.filter(({ id }) => wanted.length === 0 || wanted.includes(id)).map(({ id }) =>
      exampleFor(id),
    );
    for (const name of names) {
      if (isOnlyMissing && known[name] !== undefined) continue;
      known[name] = await findCounterexample(name, store);
      console.log(`${name}: ${known[name].clause}`);
      const sorted = Object.entries(known).toSorted(([a], [b]) => compareText(a, b));
      await writeFile(COUNTEREXAMPLES, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
    }
  } finally {
    await rm(store, { recursive: true, force: true });
  }
}
