/**
 * Where pairs are tried: on one server for all of them, since starting one costs more than the cases do. For the same reason the cases of
 * all seeds are one campaign, by turns: the first case of every seed, then the second of those that need it.
 *
 * A bad twin is searched until every seed has shown the named clause to be false; nothing is reduced and nothing is kept. A good twin is
 * judged by every property. Scenarios of their own, and the ledger, run few cases whatever is asked for: there each seed has a campaign of its own.
 */
import { join } from 'node:path';
import type { CampaignPlan } from '../../harness/campaign/plan.ts';
import { runCampaign } from '../../harness/campaign/run-campaign.ts';
import { planSets } from '../../harness/cli/plan-sets.ts';
import { readSets } from '../../harness/cli/read-sets.ts';
import { openServerPool } from '../../harness/cli/server-pool.ts';
import { resolveSettings } from '../../harness/config/settings.ts';
import type { CaseRequest, DatasetSource } from '../../harness/core/case.ts';
import type { CampaignEvent } from '../../harness/core/events.ts';
import { deriveSeed } from '../../harness/core/hash.ts';
import type { Property, PropertyId } from '../../harness/core/property.ts';
import { ALL_PROPERTIES } from '../../properties/catalogue.ts';
import { folderOf, type FaultCase } from './fault-cases.ts';

const ROOT = join(import.meta.dirname, '../..');
/** The first migration makes the schema and is the same in both twins: only what comes after it is judged. */
const AFTER_THE_FIRST = '*[2-9]_*';
/** A bad twin must be found within so many cases. */
export const MOST_CASES = 100;
/** Cases of a good twin for each seed. */
const GOOD_CASES = 5;
/** Of campaigns that hold the cases of several seeds. */
const COMMON_SEED = 1;
const POSTGRES = { postgres: null, image: null, serverUrl: null, allowRemote: false };

/** An open laboratory. Disposing it drops what it made and stops its server. */
export interface FaultLab extends AsyncDisposable {
  /** For each seed how many cases the bad twin needed until the named clause was falsified; null: it was not, within `MOST_CASES`. */
  findBad(fault: FaultCase, seeds: readonly number[]): Promise<readonly (number | null)[]>;
  /** What was falsified in the good twin: `seed <n>: <property>/<clause>`. Throws where nothing held. */
  judgeGood(fault: FaultCase, seeds: readonly number[]): Promise<readonly string[]>;
}

interface Campaign {
  readonly folder: string;
  readonly seeds: readonly number[];
  /** Of each seed. */
  readonly cases: number;
  /** Null: all. */
  readonly property: Property | null;
  /** Called with the seed and its case, from 0. True ends the campaign. */
  readonly onFailure: (property: PropertyId, clause: string, seed: number, caseIndex: number) => boolean;
}

/** Opens a laboratory; servers start when they are first needed. `signal` ends the run that is under way after its case. */
export function openFaultLab(signal: AbortSignal): FaultLab {
  const pool = openServerPool();
  // A place in line that is never given back: the server outlives each campaign.
  const holding = pool.reserve({ provider: 'embedded', dialect: 'postgres', request: POSTGRES });

  /** Runs a campaign; returns how many properties held. */
  const run = async ({ folder, seeds, cases, property, onFailure }: Campaign): Promise<number> => {
    signal.throwIfAborted();
    const done = new AbortController();
    const flags = { provider: 'embedded', cases: cases * seeds.length, workers: 1 } as const;
    const settings = await resolveSettings({ paths: [folder], flags, cwd: ROOT, env: {} });
    await holding;
    const planned = await planSets(await readSets(settings.sets, {}), pool);
    const report = await runCampaign({
      verb: 'faults',
      sets: planned.map((each) => ({ ...each, source: takeTurns(each.source, seeds) })),
      properties: ALL_PROPERTIES,
      seed: seeds.length === 1 ? (seeds[0] ?? COMMON_SEED) : COMMON_SEED,
      only: AFTER_THE_FIRST,
      shard: null,
      propertyIds: property === null ? null : [property.id],
      signal: AbortSignal.any([signal, done.signal]),
      kept: null,
      isReducing: false,
      store: NO_STORE,
      toolVersion: '0',
      emit(event: CampaignEvent) {
        if (event.type !== 'failure-found') return;
        const seed = seeds[event.caseIndex % seeds.length] ?? COMMON_SEED;
        const caseIndex = Math.floor(event.caseIndex / seeds.length);
        if (onFailure(event.property, event.clause, seed, caseIndex)) done.abort();
      },
    });
    signal.throwIfAborted();
    if (report.run.exitCode === 3) throw new Error(`${folder}: ${report.run.stoppedBecause}`);
    const results = report.sets.flatMap(({ migrations }) => migrations.flatMap((migration) => migration.results));
    return results.filter(({ verdict }) => verdict === 'held').length;
  };

  return {
    async findBad(fault, seeds) {
      const property = propertyOf(fault);
      const folder = folderOf(fault, 'bad');
      const needed = new Map<number, number>();
      const cases = property.quantifier === 'some-case' ? GOOD_CASES : MOST_CASES;
      for (const group of canShare(fault) ? [seeds] : seeds.map((seed) => [seed])) {
        await run({
          folder,
          seeds: group,
          cases,
          property,
          onFailure(_property, clause, seed, caseIndex) {
            // One case that holds would have been enough: all were needed.
            if (clause === fault.clause && !needed.has(seed))
              needed.set(seed, property.quantifier === 'some-case' ? cases : caseIndex + 1);
            return group.every((each) => needed.has(each));
          },
        });
      }
      return seeds.map((seed) => needed.get(seed) ?? null);
    },
    async judgeGood(fault, seeds) {
      const own = propertyOf(fault);
      const folder = folderOf(fault, 'good');
      const alarms = new Set<string>();
      const onFailure: Campaign['onFailure'] = (property, clause, seed) => {
        alarms.add(`seed ${seed}: ${property}/${clause}`);
        return false;
      };
      const held = await run({ folder, seeds, cases: GOOD_CASES, property: null, onFailure });
      if (held === 0) throw new Error(`${fault.name}: nothing held in good`);
      if (canShare(fault)) return [...alarms];
      for (const seed of seeds) await run({ folder, seeds: [seed], cases: GOOD_CASES, property: own, onFailure });
      return [...alarms];
    },
    async [Symbol.asyncDispose]() {
      await pool[Symbol.asyncDispose]();
    },
  };
}

/** The property that a pair is about. */
export function propertyOf({ property: wanted }: Pick<FaultCase, 'property'>): Property {
  const found = ALL_PROPERTIES.find(({ id }) => id === wanted);
  if (found === undefined) throw new Error(`there is no property ${wanted}`);
  return found;
}

/** Whether seeds can take turns in one campaign: where as many cases run as are asked for, and each is judged by itself. */
function canShare(fault: FaultCase): boolean {
  const { scenario, quantifier } = propertyOf(fault);
  return (scenario === 'standard' || scenario === 'chain') && quantifier === 'every-case' && fault.clause !== 'ledger';
}

/** Case `i` of the campaign is the next case of seed `i` modulo their number. */
function takeTurns(source: DatasetSource, seeds: readonly number[]): DatasetSource {
  const turn = (request: CaseRequest): CaseRequest => ({
    ...request,
    seed: deriveSeed(request.seed, seeds[request.index % seeds.length] ?? COMMON_SEED),
    index: Math.floor(request.index / seeds.length),
  });
  return {
    generate: (request) => source.generate(turn(request)),
    breakingCells: (model, table, column, condition) => source.breakingCells(model, table, column, condition),
    laterWrites: (request, earlier) => source.laterWrites(turn(request), earlier),
    interleaving: (request) => source.interleaving({ ...request, ...turn({ ...request, focus: null }) }),
    settle: (model, dataset) => source.settle(model, dataset),
    unknownNames: () => source.unknownNames(),
    simplerCells: (model, table, column, current) => source.simplerCells(model, table, column, current),
    limits: (model) => source.limits(model),
  };
}

const NO_STORE: CampaignPlan['store'] = {
  shownAs: '.palindrome',
  save: () => Promise.resolve({ file: '', repro: '', history: null }),
};
