/**
 * Where pairs are tried: on one server for all of them, since starting one costs more than the cases do. For the same reason all seeds take
 * turns in one campaign: each sees the cases that it would see alone, as with `verify --seed`.
 *
 * A bad twin is searched by its own property until every seed has shown the named clause to be false; a seed that has is left out from then
 * on. Nothing is explained or kept. A good twin is judged by every property that is judged without being asked for, and by its own.
 */
import { join } from 'node:path';
import type { CampaignPlan, Turns } from '../../harness/campaign/plan.ts';
import { runCampaign } from '../../harness/campaign/run-campaign.ts';
import { planSets } from '../../harness/cli/plan-sets.ts';
import { readSets } from '../../harness/cli/read-sets.ts';
import { openServerPool } from '../../harness/cli/server-pool.ts';
import { resolveSettings } from '../../harness/config/settings.ts';
import type { CampaignEvent } from '../../harness/core/events.ts';
import type { Property, PropertyId } from '../../harness/core/property.ts';
import type { ReportResult } from '../../harness/core/report.ts';
import { ALL_PROPERTIES } from '../../properties/catalogue.ts';
import { folderOf, type FaultCase } from './fault-cases.ts';

const ROOT = join(import.meta.dirname, '../..');
/** The first migration makes the schema and is the same in both twins: only what comes after it is judged. */
const AFTER_THE_FIRST = '*[2-9]_*';
/** A bad twin must be found within so many cases. */
export const MOST_CASES = 100;
/** Cases of a good twin for each seed. */
const GOOD_CASES = 5;
/** The same in scenarios of properties that the pair is not about, where these are no mere walks. */
const GOOD_CASES_BESIDE = 1;
const WALKS: ReadonlySet<string> = new Set(['standard', 'chain']);
const POSTGRES = { postgres: null, image: null, serverUrl: null, allowRemote: false };

/** A bad twin's failure, reduced. */
interface Reduced {
  readonly rows: number | null;
  readonly reason: string;
}

/** An open laboratory. Disposing it drops what it made and stops its server. */
export interface FaultLab extends AsyncDisposable {
  /** For each seed how many cases the bad twin needed until the named clause was falsified; null: it was not, within `MOST_CASES`. */
  findBad(fault: FaultCase, seeds: readonly number[]): Promise<readonly (number | null)[]>;
  /** The failure of the named clause, with the first case of the seed that shows it; null: none of as many cases did. */
  reduceBad(fault: FaultCase, seed: number, cases: number): Promise<Reduced | null>;
  /** What was falsified in the good twin: `seed <n>: <property>/<clause>`. Throws where nothing held. */
  judgeGood(fault: FaultCase, seeds: readonly number[]): Promise<readonly string[]>;
}

interface Campaign {
  readonly folder: string;
  readonly seeds: readonly number[];
  /** Of each seed. */
  readonly cases: number;
  readonly propertyIds: readonly PropertyId[];
  readonly isOut: Turns['isOut'];
  /** Called with the seed and its case, from 0. */
  readonly onFailure: (property: PropertyId, clause: string, seed: number, caseIndex: number) => void;
  /** Asked before each case: whether that was all. */
  readonly isOver?: () => boolean;
  readonly effort: CampaignPlan['effort'];
}

/** Opens a laboratory; servers start when they are first needed. `signal` ends the run that is under way after its case. */
export function openFaultLab(signal: AbortSignal): FaultLab {
  const pool = openServerPool();
  // A place in line that is never given back: the server outlives each campaign.
  const holding = pool.reserve({ provider: 'embedded', dialect: 'postgres', request: POSTGRES });

  /** Runs a campaign; returns its results. */
  const run = async (campaign: Campaign): Promise<readonly ReportResult[]> => {
    const { folder, seeds, cases, propertyIds, isOut, onFailure, isOver } = campaign;
    signal.throwIfAborted();
    const flags = { provider: 'embedded', cases, workers: 1 } as const;
    const settings = await resolveSettings({ paths: [folder], flags, cwd: ROOT, env: {} });
    await holding;
    const report = await runCampaign({
      verb: 'faults',
      sets: await planSets(await readSets(settings.sets, {}), pool),
      properties: ALL_PROPERTIES,
      seed: seeds[0] ?? 1,
      turns: { seeds, isOut },
      only: AFTER_THE_FIRST,
      shard: null,
      propertyIds,
      signal,
      kept: null,
      effort: campaign.effort,
      ...(isOver === undefined ? {} : { isOver }),
      store: NO_STORE,
      toolVersion: '0',
      emit(event: CampaignEvent) {
        if (event.type !== 'failure-found') return;
        onFailure(event.property, event.clause, event.seed, event.caseIndex);
      },
    });
    signal.throwIfAborted();
    if (report.run.exitCode === 3) throw new Error(`${folder}: ${report.run.stoppedBecause}`);
    return report.sets.flatMap(({ migrations }) => migrations.flatMap((migration) => migration.results));
  };

  return {
    async findBad(fault, seeds) {
      const { id, quantifier } = propertyOf(fault);
      const needed = new Map<number, number>();
      const cases = quantifier === 'some-case' ? GOOD_CASES : MOST_CASES;
      for (const group of groupsOf(fault, seeds)) {
        await run({
          folder: folderOf(fault, 'bad'),
          seeds: group,
          cases,
          effort: 'name',
          propertyIds: [id],
          isOut: ({ seed }) => needed.has(seed),
          onFailure(_property, clause, seed, caseIndex) {
            // One case that holds would have been enough: all were needed.
            if (clause === fault.clause && !needed.has(seed))
              needed.set(seed, quantifier === 'some-case' ? cases : caseIndex + 1);
          },
          isOver: () => group.every((seed) => needed.has(seed)),
        });
      }
      return seeds.map((seed) => needed.get(seed) ?? null);
    },
    async reduceBad(fault, seed, cases) {
      let isFound = false;
      const results = await run({
        folder: folderOf(fault, 'bad'),
        seeds: [seed],
        cases,
        effort: 'reduce',
        propertyIds: [propertyOf(fault).id],
        isOut: () => false,
        onFailure: (_property, clause) => (isFound ||= clause === fault.clause),
        isOver: () => isFound,
      });
      const found = results.find(({ verdict, clause }) => verdict === 'falsified' && clause === fault.clause);
      return found === undefined ? null : { rows: found.counterexample?.rows ?? null, reason: found.reason };
    },
    async judgeGood(fault, seeds) {
      const alarms = new Set<string>();
      const own = propertyOf(fault);
      const asked = ALL_PROPERTIES.filter(({ id, whenAsked }) => whenAsked === undefined || id === own.id);
      const judge = (group: readonly number[], properties: readonly Property[]): Promise<readonly ReportResult[]> =>
        run({
          folder: folderOf(fault, 'good'),
          seeds: group,
          cases: GOOD_CASES,
          effort: 'name',
          propertyIds: properties.map(({ id }) => id),
          isOut: ({ seed, index }, scenario) =>
            scenario === 'ledger'
              ? fault.clause !== 'ledger' && seed !== group[0]
              : index >= (WALKS.has(scenario) || scenario === own.scenario ? GOOD_CASES : GOOD_CASES_BESIDE),
          onFailure: (property, clause, seed) => alarms.add(`seed ${seed}: ${property}/${clause}`),
        });
      const results = await judge(seeds, asked);
      if (!results.some(({ verdict }) => verdict === 'held')) throw new Error(`${fault.name}: nothing held in good`);
      if (own.quantifier === 'some-case') for (const seed of seeds) await judge([seed], [own]);
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

/** Seeds that share a campaign: all, but where one case of any of them would decide for all. */
function groupsOf(fault: FaultCase, seeds: readonly number[]): readonly (readonly number[])[] {
  return propertyOf(fault).quantifier === 'some-case' ? seeds.map((seed) => [seed]) : [seeds];
}

const NO_STORE: CampaignPlan['store'] = {
  shownAs: '.palindrome',
  save: () => Promise.resolve({ file: '', repro: '', history: null }),
};
