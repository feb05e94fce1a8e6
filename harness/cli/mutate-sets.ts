import type { MutantsProgress } from '../campaign/mutants/measure-mutants.ts';
import type { Settings } from '../config/settings.ts';
import type { MutantsReport } from '../core/mutants-report.ts';
import { readSets, requireMatch } from './read-sets.ts';

/** Mutants of a migration where nothing else is said: a set of ten migrations ends in minutes. */
export const DEFAULT_MAX_MUTANTS = 20;
/** Cases for a mutant where nothing else is said: most failures show in the first few. */
export const DEFAULT_MUTANT_CASES = 10;

export interface MutateRequest {
  readonly settings: Settings;
  readonly max: number;
  /** In percent; null: none is asked for. */
  readonly minScore: number | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly toolVersion: string;
  readonly onProgress: (progress: MutantsProgress) => void;
}

/** Measures the properties of sets by mutants and returns the report when everything that was opened is closed again. Throws `PalindromeError`. */
export async function mutateSets(request: MutateRequest): Promise<MutantsReport> {
  const { settings, max, minScore, env, signal, toolVersion, onProgress } = request;
  const { run } = settings;
  const sets = await readSets(settings.sets, env);
  requireMatch(run.only, sets);
  const [{ planSets }, { openServerPool }, { measureMutants }, { ALL_PROPERTIES }] = await Promise.all([
    import('./plan-sets.ts'),
    import('./server-pool.ts'),
    import('../campaign/mutants/measure-mutants.ts'),
    import('../../properties/catalogue.ts'),
  ]);
  await using pool = openServerPool();
  return await measureMutants({
    verb: 'mutate',
    sets: await planSets(sets, pool),
    properties: ALL_PROPERTIES,
    seed: run.seed,
    only: run.only,
    shard: null,
    propertyIds: run.propertyIds,
    signal,
    toolVersion,
    max,
    minScore,
    onProgress,
  });
}
