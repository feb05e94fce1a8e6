/** One item of a campaign: the same as `fuzz --shard i/n --cases-each N`, with what the submitter knew, and keeping what it finds for the submitter. */
import path from 'node:path';
import { PalindromeError } from '../../core/errors.ts';
import type { CampaignEvent } from '../../core/events.ts';
import type { Settings } from '../../config/settings.ts';
import type { FoundFailure, ItemOutcome, Submission } from '../../queue/submission.ts';
import type { CounterexampleStore } from '../../store/store.ts';
import type { Io } from '../io.ts';
import { readSets } from '../read-sets.ts';

export interface ItemRequest {
  readonly submission: Submission;
  readonly item: number;
  readonly settings: Settings;
  readonly io: Io;
  readonly signal: AbortSignal;
  readonly emit: (event: CampaignEvent) => void;
}

/** What the item came to; `stopped`: it did not come to its end, and somebody has to begin it again. */
export async function runItem(
  request: ItemRequest,
): Promise<ItemOutcome | { readonly kind: 'stopped'; readonly why: string }> {
  try {
    return await judge(request);
  } catch (thrown) {
    if (!(thrown instanceof PalindromeError)) throw thrown;
    const { kind, code, message, hint = null } = thrown;
    return kind === 'usage'
      ? { kind: 'refused', code, message, hint }
      : { kind: 'stopped', why: `${code}: ${message}` };
  }
}

async function judge({ submission, item, settings, io, signal, emit }: ItemRequest): ReturnType<typeof runItem> {
  const [{ planSets }, { openServerPool }, { runFuzz }, { ALL_PROPERTIES }, { corpusOf }] = await Promise.all([
    import('../plan-sets.ts'),
    import('../server-pool.ts'),
    import('../../campaign/fuzz/run-fuzz.ts'),
    import('../../../properties/catalogue.ts'),
    import('../stored-cases.ts'),
  ]);
  const sets = await readSets(settings.sets, io.env);
  const { store, found } = openCollection(submission.store);
  const { run } = settings;
  await using pool = openServerPool();
  const { report, judged } = await runFuzz({
    campaign: {
      verb: 'fuzz',
      sets: await planSets(sets, pool),
      properties: ALL_PROPERTIES,
      seed: submission.seed,
      only: run.only,
      propertyIds: run.propertyIds,
      shard: { number: item, of: submission.items },
      signal,
      kept: null,
      effort: 'explain',
      store,
      corpus: corpusOf(submission.examples, emit),
      toolVersion: io.toolVersion,
      emit,
    },
    budget: { ms: null, cases: null, each: submission.each },
    forget: (id) => Promise.resolve(void found.delete(id)),
    find: () => Promise.resolve(null),
    judged: new Map(submission.judged),
    journal: null,
    resumed: null,
  });
  const { exitCode, stoppedBecause } = report.run;
  if (exitCode === 130 || exitCode === 3) return { kind: 'stopped', why: stoppedBecause };
  return { kind: 'judged', report, found: [...found.values()], judged: [...judged] };
}

/** Keeps what is found in memory; files are named as the submitter's store will name them. */
function openCollection({ shownAs, folder }: Submission['store']): {
  readonly store: CounterexampleStore;
  readonly found: Map<string, FoundFailure>;
} {
  const found = new Map<string, FoundFailure>();
  const shown = (name: string): string => path.posix.join(folder.replaceAll('\\', '/'), 'counterexamples', name);
  return {
    found,
    store: {
      shownAs,
      async save(example, repro, history = null) {
        found.set(example.id, { example, repro, history });
        return {
          file: shown(`${example.id}.json`),
          repro: shown(`${example.id}.repro.sql`),
          history: history === null ? null : shown(`${example.id}.history.json`),
        };
      },
    },
  };
}
