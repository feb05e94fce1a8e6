/**
 * What `cursor-stable` promises of its own power: how soon each wrong pager is falsified and how small it becomes, and that right ones hold.
 *
 *     npm run measure:pagers -- wrong [seeds=20] [only=text]
 *     npm run measure:pagers -- right [cases=5000] [only=text]
 *     npm run measure:pagers -- overlapping [minutes=10]
 *
 * Pagers are the twins of the fault catalogue. Ends with 1 where a promise is not kept.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { countRows, EMPTY_DATASET } from '../harness/core/dataset.ts';
import type { Interleaving } from '../harness/core/interleaving.ts';
import type { DialectName } from '../harness/core/migration.ts';
import type { ScenarioRun } from '../harness/scenarios/scenario.ts';
import { contradictedBy, openPagerLab, type PagerLab, readTwin, reduceToSmallest } from '../tests/paging/pager-lab.ts';
import { openDialect, type OpenDialect } from '../tests/paging/support.ts';
import { measureOverlapping } from './overlapping.ts';

const FOLDER = join(import.meta.dirname, '../migrations/faults/cursor-stable');
/** Cases within which a wrong pager must be falsified, and what it must be reduced to. */
const MOST = { cases: 50, rows: 3, steps: 3 };
/** Histories of these pairs come from the migration or from plans, not from an interleaving. */
const ELSEWHERE = new Set(['across', 'index', 'codec']);

interface Pair {
  readonly name: string;
  readonly clause: string;
  readonly dialect: DialectName;
}

function readPairs(only: string): readonly Pair[] {
  return readdirSync(FOLDER)
    .toSorted()
    .filter((name) => name.includes(only))
    .map((name) => {
      const { clause, dialect } = JSON.parse(readFileSync(join(FOLDER, name, 'case.json'), 'utf8')) as Pair;
      return { name, clause, dialect };
    })
    .filter(({ clause }) => !ELSEWHERE.has(clause));
}

/** Runs `work` in a laboratory for the twin; servers are shared. */
async function eachLab(
  pairs: readonly Pair[],
  twin: 'bad' | 'good',
  work: (pair: Pair, lab: PagerLab) => Promise<string>,
): Promise<void> {
  const servers = new Map<DialectName, OpenDialect>();
  try {
    for (const pair of pairs) {
      const { name, dialect } = pair;
      const opened = servers.get(dialect) ?? (await openDialect(dialect));
      servers.set(dialect, opened);
      const { schema, pager } = readTwin(name, twin);
      await using lab = await openPagerLab(opened, { dialect, schema, pager });
      process.stdout.write(`| ${name} | ${await work(pair, lab)} |\n`);
    }
  } finally {
    for (const opened of servers.values()) await opened[Symbol.asyncDispose]();
  }
}

async function measureWrong(seeds: number, only: string): Promise<void> {
  process.stdout.write(
    `| pager | falsified | latest case | rows at most | writer steps at most |\n|---|---|---|---|---|\n`,
  );
  await eachLab(readPairs(only), 'bad', async ({ clause }, lab) => {
    const sum = { falsified: 0, latest: 0, rows: 0, steps: 0 };
    for (let seed = 1; seed <= seeds; seed++) {
      const found = await firstContradicted(lab, seed, clause);
      if (found === null) continue;
      sum.falsified++;
      sum.latest = Math.max(sum.latest, found.cases);
      const small = await reduceToSmallest(lab, found.run, found.clause);
      sum.rows = Math.max(sum.rows, countRows(small.loaded));
      sum.steps = Math.max(sum.steps, writerSteps(small));
    }
    if (sum.falsified < seeds || sum.rows > MOST.rows || sum.steps > MOST.steps) process.exitCode = 1;
    return `${sum.falsified} of ${seeds} | ${sum.latest} | ${sum.rows} | ${sum.steps}`;
  });
}

interface Found {
  readonly cases: number;
  readonly run: ScenarioRun;
  readonly clause: string;
}

/** The first case that contradicts the clause, or, where none does, any; counted up to the first that contradicts any. */
async function firstContradicted(lab: PagerLab, seed: number, wanted: string): Promise<Found | null> {
  let any: Found | null = null;
  for (let index = 0; index < MOST.cases; index++) {
    const run = await lab.draw(seed, index);
    const clauses = run.unusable === null ? contradictedBy(run) : new Set<string>();
    const [clause] = clauses;
    if (clause === undefined) continue;
    any ??= { cases: index + 1, run, clause };
    if (clauses.has(wanted)) return { cases: any.cases, run, clause: wanted };
  }
  return any;
}

function writerSteps({ parameters }: ScenarioRun): number {
  const { interleaving } = (parameters ?? {}) as unknown as { readonly interleaving?: Interleaving };
  return interleaving?.steps.filter(({ op }) => op !== 'page').length ?? 0;
}

async function measureRight(cases: number, only: string): Promise<void> {
  process.stdout.write(`| pager | interleavings | contradicted | a second |\n|---|---|---|---|\n`);
  await eachLab(readPairs(only), 'good', async (_pair, lab) => {
    const startedAt = performance.now();
    const sum = { judged: 0, contradicted: 0 };
    for (let index = 0; index < cases; index++) {
      const run = await lab.again(EMPTY_DATASET, { kind: 'stepped', pager: 'posts', seed: 1, index });
      if (run.unusable !== null) continue;
      sum.judged++;
      if (contradictedBy(run).size > 0) sum.contradicted++;
    }
    if (sum.contradicted > 0 || sum.judged < cases) process.exitCode = 1;
    const perSecond = Math.round((cases / (performance.now() - startedAt)) * 1000);
    return `${sum.judged} of ${cases} | ${sum.contradicted} | ${perSecond}`;
  });
}

async function measureAtOnce(minutes: number): Promise<void> {
  const measured = await measureOverlapping(minutes * 60);
  process.stdout.write(`${JSON.stringify(measured)}\n`);
  if (measured.unexplained > 0 || measured.contradicted > 0) process.exitCode = 1;
}

const [what = '', ...given] = process.argv.slice(2);
const numberOf = (usual: number): number => Number(given.find((word) => /^[\d.]+$/.test(word)) ?? usual);
const only = given.find((word) => !/^[\d.]+$/.test(word)) ?? '';
if (what === 'wrong') await measureWrong(numberOf(20), only);
else if (what === 'right') await measureRight(numberOf(5_000), only);
else if (what === 'overlapping') await measureAtOnce(numberOf(10));
else throw new RangeError('usage: pagers.ts wrong [seeds] [text] | right [cases] [text] | overlapping [minutes]');
