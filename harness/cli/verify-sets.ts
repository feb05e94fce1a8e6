import type { CoverageTally } from '../campaign/coverage.ts';
import type { Settings } from '../config/settings.ts';
import type { CampaignEvent } from '../core/events.ts';
import type { Report } from '../core/report.ts';
import { readSets, requireMatch } from './read-sets.ts';
import { narrow } from './narrow.ts';

export interface VerifyRequest {
  readonly settings: Settings;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly toolVersion: string;
  readonly emit: (event: CampaignEvent) => void;
  /** `verify` where it is absent. `baseline` may write the file of known failures, which then need not be there. */
  readonly verb?: 'verify' | 'baseline' | 'certify';
  /** Counts what the data came by; absent: nobody asks. */
  readonly coverage?: CoverageTally;
}

/** Verifies sets and returns the report when everything that was opened is closed again. Throws `PalindromeError`. */
export async function verifySets({
  settings,
  env,
  signal,
  toolVersion,
  emit,
  verb = 'verify',
  coverage,
}: VerifyRequest): Promise<Report> {
  const { run } = settings;
  const read = await readSets(settings.sets, env);
  requireMatch(run.only, read);
  const { sets, since } = await narrow(read, run.since);
  // Loaded only now: a mistake in the input is told before drivers and generators are loaded.
  const [
    { planSets },
    { openServerPool },
    { runCampaign },
    { openStoreOf },
    { ALL_PROPERTIES },
    { readCorpus },
    { openRemembering },
  ] = await Promise.all([
    import('./plan-sets.ts'),
    import('./server-pool.ts'),
    import('../campaign/run-campaign.ts'),
    import('./open-store-of.ts'),
    import('../../properties/catalogue.ts'),
    import('./stored-cases.ts'),
    import('./remember-run.ts'),
  ]);
  await using store = await openStoreOf(run.store, signal);
  const corpus = await readCorpus(store, emit);
  const remembering = verb === 'verify' ? await openRemembering(run, store, emit) : null;
  await using pool = openServerPool();
  return await runCampaign({
    verb,
    sets: await planSets(sets, pool, { mayMissBaseline: verb === 'baseline' }),
    properties: ALL_PROPERTIES,
    seed: run.seed,
    only: run.only,
    shard: run.shard,
    propertyIds: run.propertyIds,
    ...(since === null ? {} : { since }),
    signal,
    kept: run.keep ? { address: null } : null,
    effort: 'explain',
    store,
    corpus,
    ...(remembering === null ? {} : { conclude: (report: Report) => remembering.conclude(report) }),
    ...(coverage === undefined ? {} : { coverage }),
    toolVersion,
    emit,
  });
}
