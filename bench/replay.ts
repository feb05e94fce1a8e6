/**
 * Whether stored failures outlive what they were made with: a store is filled with failures of the fault catalogue as they were found (not reduced, so that
 * no two are the same), from seed after seed, and every one is replayed: as it is, in containers, by another Node where `--node` names its program, and after
 * a column was added to the first table of each set. A failure that does not fail any more on unchanged files has passed silently: none may.
 * Flags: `--failures 1000`, `--image palindrome-postgres:15` (empty: no containers), `--node PATH`, `--only REGEXP` of paths. Needs `npm run build` for `--node`.
 */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { runCampaign } from '../harness/campaign/run-campaign.ts';
import { openStoreOf } from '../harness/cli/open-store-of.ts';
import { planSets } from '../harness/cli/plan-sets.ts';
import { readSets } from '../harness/cli/read-sets.ts';
import { replayMany } from '../harness/cli/replay-cases.ts';
import { openServerPool, type ServerPool } from '../harness/cli/server-pool.ts';
import { type Flags, resolveSettings } from '../harness/config/settings.ts';
import type { Counterexample } from '../harness/core/counterexample.ts';
import { PalindromeError } from '../harness/core/errors.ts';
import { ALL_PROPERTIES } from '../properties/catalogue.ts';

const ROOT = path.join(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    failures: { type: 'string', default: '1000' },
    image: { type: 'string', default: 'palindrome-postgres:15' },
    node: { type: 'string' },
    only: { type: 'string', default: '' },
  },
});
const wanted = Number(values.failures);
const MOST_SEEDS = 40;
const CASES = 6;
const never = new AbortController().signal;
const say = (line: string): void =>
  console.log(`${line}; load ${(loadavg()[0] ?? 0).toFixed(1)} on ${cpus().length} processors`);

const folder = await mkdtemp(path.join(tmpdir(), 'palindrome-replays-'));
try {
  await cp(path.join(ROOT, 'migrations/faults'), path.join(folder, 'faults'), { recursive: true });
  const only = new RegExp(values.only, 'u');
  const sets = (await readdir(path.join(folder, 'faults'), { recursive: true }))
    .filter((name) => name.endsWith('/bad') && only.test(name))
    .map((name) => path.join('faults', name))
    .toSorted();
  const examples = await fill(sets);
  say(`${examples.length} failures stored, of ${new Set(examples.map(({ set }) => set.path)).size} sets`);
  let bad = await replayAll('as it is', examples, { provider: 'embedded' });
  const onPostgres = examples.filter(({ set }) => set.dialect === 'postgres');
  if (values.image !== '')
    bad += await replayAll(`in a container of ${values.image}`, onPostgres, {
      provider: 'container',
      image: values.image,
    });
  if (values.node !== undefined) bad += await replayWith(values.node);
  const widened = await addColumns(sets);
  await replayAll(
    'after a column was added',
    examples.filter(({ set }) => widened.has(set.path)),
    { provider: 'embedded' },
  );
  console.log(bad === 0 ? 'none passed silently' : `${bad} PASSED SILENTLY`);
  process.exitCode = bad === 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Judges sets by seed after seed until there are enough failures. Sets that ask for what is not here are passed over. */
async function fill(paths: readonly string[]): Promise<readonly Counterexample[]> {
  const found = new Map<string, Counterexample>();
  await using pool = openServerPool();
  for (let seed = 1; seed <= MOST_SEEDS && found.size < wanted; seed++)
    for (const each of paths) {
      if (found.size >= wanted) break;
      try {
        await judge(each, seed, found, pool);
      } catch (thrown) {
        if (!(thrown instanceof PalindromeError)) throw thrown;
        if (seed === 1) console.log(`  ${each} is passed over: ${thrown.message}`);
      }
    }
  return [...found.values()].slice(0, wanted);
}

async function judge(each: string, seed: number, found: Map<string, Counterexample>, pool: ServerPool): Promise<void> {
  const flags: Flags = { provider: 'embedded', cases: CASES, seed, workers: 1 };
  const settings = await resolveSettings({ paths: [each], flags, cwd: folder, env: {} });
  await using store = await openStoreOf(settings.run.store);
  await runCampaign({
    verb: 'verify',
    properties: ALL_PROPERTIES,
    seed,
    only: null,
    shard: null,
    propertyIds: null,
    signal: never,
    kept: null,
    effort: 'explain',
    toolVersion: '0.0.0',
    emit: () => undefined,
    sets: await planSets(await readSets(settings.sets, {}), pool),
    store,
    unreduced: { isFirstLook: true, examples: found },
  });
}

/** How many passed silently: they neither fail, nor is it said why they cannot be judged. */
async function replayAll(how: string, examples: readonly Counterexample[], flags: Flags): Promise<number> {
  const outcomes = new Map<string, number>();
  const startedMs = Date.now();
  await replayMany({
    flags,
    cwd: folder,
    env: {},
    signal: never,
    examples,
    onReplayed({ id, set, property, clause }, { outcome }) {
      outcomes.set(outcome.status, (outcomes.get(outcome.status) ?? 0) + 1);
      if (outcome.status !== 'still-fails')
        console.log(
          `  ${outcome.status}: ${id} ${set.path} ${property}/${clause}: ${'reason' in outcome ? outcome.reason : ''}`,
        );
    },
  });
  const tally = [...outcomes].map(([status, n]) => `${n} ${status}`).join(', ');
  say(`${how}: ${examples.length} replayed in ${Math.round((Date.now() - startedMs) / 1000)} s: ${tally}`);
  return outcomes.get('fixed') ?? 0;
}

/** By the built command line under another Node. Where SQLite's module was not built for it, those are told as errors. */
async function replayWith(program: string): Promise<number> {
  const { stdout: version } = await promisify(execFile)(program, ['--version']);
  const main = path.join(ROOT, 'dist/harness/cli/main.js');
  const args = [main, 'replay', '--all', '--provider', 'embedded', '--no-color'];
  const { stdout } = await promisify(execFile)(program, args, { cwd: folder, maxBuffer: 1 << 28 }).catch(
    (thrown: { stdout: string }) => thrown,
  );
  const line = stdout.split('\n').findLast((each) => each.includes(' replayed: ')) ?? stdout.slice(-300);
  say(`by Node ${version.trim()}: ${line}`);
  return Number(/, (\d+) fixed/u.exec(line)?.[1] ?? '1');
}

/** Adds a column to the first table that each set makes; the sets where that could be done. */
async function addColumns(paths: readonly string[]): Promise<ReadonlySet<string>> {
  const widened = new Set<string>();
  for (const each of paths) {
    const names = (await readdir(path.join(folder, each))).toSorted();
    const name = names.find((file) => file.endsWith('.sql') && !/(?:down|rollback)/iu.test(file));
    if (name === undefined) continue;
    const file = path.join(folder, each, name);
    const text = await readFile(file, 'utf8');
    const table = /^CREATE TABLE (?:IF NOT EXISTS )?([\w.]+)/imu.exec(text)?.[1];
    if (table === undefined) continue;
    await writeFile(file, `${text.trimEnd()}\nALTER TABLE ${table} ADD COLUMN palindrome_later integer;\n`);
    widened.add(each);
  }
  return widened;
}
