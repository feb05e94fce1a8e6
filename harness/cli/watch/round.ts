/** One round of a watch: a first look at what was changed, then everything whose verdict is not known. */
import type { CampaignPlan, PlannedSet } from '../../campaign/plan.ts';
import { runCampaign } from '../../campaign/run-campaign.ts';
import type { CampaignEvent } from '../../core/events.ts';
import type { Report, ReportMigration } from '../../core/report.ts';
import { ALL_PROPERTIES } from '../../../properties/catalogue.ts';
import { openStoreOf } from '../open-store-of.ts';
import { planSets } from '../plan-sets.ts';
import { readCorpus } from '../stored-cases.ts';
import { keyOf, type Inputs } from './inputs.ts';
import type { Warmth } from './warmth.ts';

/** Enough for what shows in nearly every case, and few enough for an answer within a second. */
const LOOK_CASES = 10;

export interface RoundRequest {
  readonly inputs: Inputs;
  readonly warmth: Warmth;
  /** By `keyOf`; empty: there is no first look. */
  readonly changed: ReadonlySet<string>;
  readonly signal: AbortSignal;
  readonly toolVersion: string;
  /** Told of each migration as its first look ends. */
  readonly onLook: (migration: ReportMigration) => void;
  readonly emit: (event: CampaignEvent) => void;
}

/** Judges; returns the report of everything. Throws `PalindromeError` where the input is wrong. */
export async function judgeRound(request: RoundRequest): Promise<Report> {
  const { inputs, warmth, changed, signal, toolVersion, emit } = request;
  const { run } = inputs.settings;
  await using store = await openStoreOf(run.store, signal);
  const planned = await planSets(inputs.sets, warmth.pool);
  const plan: Omit<CampaignPlan, 'sets' | 'store' | 'emit'> = {
    verb: 'verify',
    properties: ALL_PROPERTIES,
    seed: run.seed,
    only: run.only,
    shard: null,
    propertyIds: run.propertyIds,
    ...(inputs.since === null ? {} : { since: inputs.since }),
    signal,
    kept: null,
    effort: 'explain',
    toolVersion,
  };
  if (changed.size > 0) {
    const names = namesOf(planned, changed);
    await runCampaign({
      ...plan,
      sets: warmth
        .warm(planned, true)
        .filter(({ set }) => names.has(set.path))
        .map((set) => ({ ...set, cases: Math.min(set.cases, LOOK_CASES) })),
      properties: ALL_PROPERTIES.filter(({ scenario }) => scenario === 'standard'),
      since: { ref: '', names, limits: [] },
      // Nothing is stored: what it finds is found again, and reduced, by what follows.
      effort: 'name',
      store,
      emit: (event) => {
        if (event.type === 'migration-finished' && !signal.aborted) request.onLook(event.migration);
      },
    });
  }
  const corpus = await readCorpus(store, emit);
  return runCampaign({ ...plan, sets: warmth.warm(planned, false), store, corpus, emit });
}

function namesOf(
  planned: readonly PlannedSet[],
  changed: ReadonlySet<string>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const names = planned.map(({ set }): [string, ReadonlySet<string>] => [
    set.path,
    new Set(set.migrations.flatMap(({ name }) => (changed.has(keyOf(set.path, name)) ? [name] : []))),
  ]);
  return new Map(names.filter(([, own]) => own.size > 0));
}
