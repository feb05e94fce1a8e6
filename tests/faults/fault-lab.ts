/**
 * Where pairs are tried: one server and one cluster a dialect for all of them, since starting those costs more than the cases do.
 *
 * A bad twin is searched until the named clause has failed and failed again in a second run; nothing is reduced and nothing is kept.
 * A good twin is judged by every property.
 */
import { join } from 'node:path';
import { planSets } from '../../harness/cli/plan-sets.ts';
import { readSets } from '../../harness/cli/read-sets.ts';
import { openServerPool } from '../../harness/cli/server-pool.ts';
import type { CampaignPlan, PlannedSet } from '../../harness/campaign/plan.ts';
import { runCampaign } from '../../harness/campaign/run-campaign.ts';
import { resolveSettings } from '../../harness/config/settings.ts';
import type { Cluster } from '../../harness/core/dialect.ts';
import type { Report } from '../../harness/core/report.ts';
import { ALL_PROPERTIES } from '../../properties/catalogue.ts';
import { folderOf, type FaultCase } from './fault-cases.ts';

const ROOT = join(import.meta.dirname, '../..');
/** The first migration makes the schema and is the same in both twins: only what comes after it is judged. */
export const AFTER_THE_FIRST = '*[2-9]_*';
/** A bad twin must be found within so many cases. */
export const MOST_CASES = 100;
/** Cases of a property that fails only where no case shows what it asks for: all of them are needed, whatever their number. */
const ALL_OF_FEW = 12;
/** Cases of a good twin for each seed. */
export const GOOD_CASES = 12;
const POSTGRES = { postgres: null, image: null, serverUrl: null, allowRemote: false };

/** An open laboratory. Disposing it drops what it made and stops its server. */
export interface FaultLab extends AsyncDisposable {
  /** How many cases the bad twin needed until the named clause was falsified; null: it was not, within `MOST_CASES`. */
  findBad(fault: FaultCase, seed: number): Promise<number | null>;
  /** What was falsified in the good twin, a sentence each. Throws where nothing held. */
  judgeGood(fault: FaultCase, seed: number): Promise<readonly string[]>;
}

/** Opens a laboratory; servers start when they are first needed. `signal` ends the run that is under way after its case. */
export function openFaultLab(signal: AbortSignal): FaultLab {
  const pool = openServerPool();
  const clusters = new Map<string, Promise<Cluster>>();
  const holding = pool.reserve({ provider: 'embedded', dialect: 'postgres', request: POSTGRES });

  const shareCluster = (planned: PlannedSet): PlannedSet => {
    const key = JSON.stringify([planned.set.dialect, planned.session.foreignKeys]);
    return {
      ...planned,
      async openCluster() {
        await holding;
        const opening = clusters.get(key) ?? planned.openCluster();
        clusters.set(key, opening);
        return withoutDisposal(await opening);
      },
    };
  };

  const run = async (folder: string, seed: number, cases: number, choose: Partial<CampaignPlan>): Promise<Report> => {
    signal.throwIfAborted();
    const flags = { provider: 'embedded', cases, workers: 1 } as const;
    const settings = await resolveSettings({ paths: [folder], flags, cwd: ROOT, env: {} });
    const planned = await planSets(await readSets(settings.sets, {}), pool);
    const report = await runCampaign({
      verb: 'faults',
      sets: planned.map(shareCluster),
      properties: ALL_PROPERTIES,
      seed,
      only: AFTER_THE_FIRST,
      propertyIds: null,
      signal,
      kept: null,
      store: NO_STORE,
      toolVersion: '0',
      emit: () => undefined,
      ...choose,
    });
    signal.throwIfAborted();
    if (report.run.exitCode === 3) throw new Error(`${folder}: ${report.run.stoppedBecause}`);
    return report;
  };

  return {
    async findBad(fault, seed) {
      const found = new AbortController();
      const cases = isNeedingAll(fault) ? ALL_OF_FEW : MOST_CASES;
      let needed: number | null = null;
      await run(folderOf(fault, 'bad'), seed, cases, {
        propertyIds: ALL_PROPERTIES.filter(({ id }) => id === fault.property).map(({ id }) => id),
        signal: AbortSignal.any([signal, found.signal]),
        emit(event) {
          if (event.type !== 'failure-found' || event.clause !== fault.clause) return;
          needed = isNeedingAll(fault) ? cases : event.caseIndex + 1;
          found.abort();
        },
      });
      return needed;
    },
    async judgeGood(fault, seed) {
      const report = await run(folderOf(fault, 'good'), seed, GOOD_CASES, {});
      const results = report.sets.flatMap(({ migrations }) => migrations.flatMap((migration) => migration.results));
      if (!results.some(({ verdict }) => verdict === 'held')) throw new Error(`${fault.name}: nothing held in good`);
      return results
        .filter(({ verdict }) => verdict === 'falsified')
        .map(({ property, clause, reason }) => `${property}/${clause}: ${reason}`);
    },
    async [Symbol.asyncDispose]() {
      for (const opening of clusters.values()) await (await opening.catch(() => null))?.[Symbol.asyncDispose]();
      await pool[Symbol.asyncDispose]();
    },
  };
}

/** Whether a single case cannot falsify the property. */
export function isNeedingAll({ property }: Pick<FaultCase, 'property'>): boolean {
  return ALL_PROPERTIES.some(({ id, quantifier }) => id === property && quantifier === 'some-case');
}

function withoutDisposal(cluster: Cluster): Cluster {
  return {
    engine: cluster.engine,
    prepare: (requirements) => cluster.prepare(requirements),
    create: (from) => cluster.create(from),
    freeze: (database, key) => cluster.freeze(database, key),
    keep: (database) => cluster.keep(database),
    notes: () => cluster.notes(),
    async [Symbol.asyncDispose]() {
      // The laboratory's own disposal ends it.
    },
  };
}

const NO_STORE: CampaignPlan['store'] = {
  shownAs: '.palindrome',
  save: () => Promise.resolve({ file: '', repro: '' }),
  load: () => Promise.reject(new Error('nothing is stored here')),
  list: () => Promise.resolve([]),
};
