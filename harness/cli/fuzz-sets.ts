import { randomBytes } from 'node:crypto';
import type { FuzzPlan } from '../campaign/fuzz/fuzz-plan.ts';
import type { Settings } from '../config/settings.ts';
import { PalindromeError } from '../core/errors.ts';
import type { CampaignEvent } from '../core/events.ts';
import type { FuzzBudget, JournalStart, JournalState } from '../core/fuzz-journal.ts';
import type { Report } from '../core/report.ts';
import { readSets, requireMatch } from './read-sets.ts';
import { narrow } from './narrow.ts';

export interface FuzzRequest {
  readonly settings: Settings;
  readonly budget: FuzzBudget;
  /** Whether to go on with the last campaign over these sets that did not end. */
  readonly isResuming: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly toolVersion: string;
  readonly emit: (event: CampaignEvent) => void;
}

/** Where neither a time nor a number of cases is given. */
const DEFAULT_FUZZ_MS = 600_000;

/** Fuzzes sets and returns the report when everything that was opened is closed again. Throws `PalindromeError`. */
export async function fuzzSets(request: FuzzRequest): Promise<Report> {
  const { settings, env, signal, toolVersion, emit } = request;
  const { run } = settings;
  const read = await readSets(settings.sets, env);
  requireMatch(run.only, read);
  const { sets, since } = await narrow(read, run.since);
  const [
    { planSets },
    { openServerPool },
    { runFuzz },
    { openStoreOf },
    { ALL_PROPERTIES },
    { readCorpus },
    { openRemembering },
  ] = await Promise.all([
    import('./plan-sets.ts'),
    import('./server-pool.ts'),
    import('../campaign/fuzz/run-fuzz.ts'),
    import('./open-store-of.ts'),
    import('../../properties/catalogue.ts'),
    import('./stored-cases.ts'),
    import('./remember-run.ts'),
  ]);
  await using store = await openStoreOf(run.store, signal);
  const remembering = await openRemembering(run, store, emit);
  const corpus = await readCorpus(store, emit);
  const paths = sets.map(({ set }) => set.path);
  const resumed = request.isResuming ? await requireUnfinished(await store.findUnfinished(paths), store.shownAs) : null;
  const start: JournalStart = {
    type: 'started',
    format: 'palindrome-fuzz/1',
    id: resumed?.start.id ?? makeRunId(),
    at: resumed?.start.at ?? new Date().toISOString(),
    tool: toolVersion,
    seed: resumed?.start.seed ?? run.seed,
    sets: paths,
    only: run.only,
    properties: run.propertyIds,
    budget: budgetOf(request, resumed),
  };
  if (resumed !== null) requireSame(start, resumed);
  await using journal = await store.openJournal(start.id);
  if (resumed === null) await journal.write(start);
  else emit({ type: 'note', message: describeResumed(resumed) });
  await using pool = openServerPool();
  const plan: FuzzPlan = {
    campaign: {
      verb: 'fuzz',
      sets: await planSets(sets, pool),
      properties: ALL_PROPERTIES,
      seed: start.seed,
      only: run.only,
      propertyIds: run.propertyIds,
      ...(since === null ? {} : { since }),
      shard: run.shard,
      signal,
      kept: run.keep ? { address: null } : null,
      effort: 'explain',
      store,
      corpus,
      toolVersion,
      conclude: (report) => remembering.conclude(report),
      emit,
    },
    budget: start.budget,
    forget: (id) => store.remove(id),
    find: async (id) => ((await store.list()).includes(id) ? (await store.load(id)).example : null),
    judged: await store.readJudged(),
    journal,
    resumed,
  };
  const { report, judged } = await runFuzz(plan);
  await store.writeJudged(judged);
  const { exitCode } = report.run;
  if (exitCode !== 130 && exitCode !== 3) await journal.finish();
  return report;
}

/** What is left of a resumed budget is worked out by the campaign; a budget that is given anew is on top of what was spent. */
function budgetOf({ budget, isResuming }: FuzzRequest, resumed: JournalState | null): FuzzBudget {
  const isGiven = budget.ms !== null || budget.cases !== null || budget.each !== undefined;
  if (!isResuming || resumed === null) return isGiven ? budget : { ms: DEFAULT_FUZZ_MS, cases: null };
  if (!isGiven) return resumed.start.budget;
  return {
    ...budget,
    ms: budget.ms === null ? null : budget.ms + (resumed.stands?.spentMs ?? 0),
    cases: budget.cases === null ? null : budget.cases + (resumed.stands?.cases ?? 0),
  };
}

async function requireUnfinished(found: JournalState | null, shownAs: string): Promise<JournalState> {
  if (found !== null) return found;
  throw new PalindromeError('nothing-to-resume', `No campaign over these folders in ${shownAs} is unfinished.`, {
    hint: 'Start one without --resume. A campaign that reached the end of its budget cannot be gone on with; its failures run first in the next one.',
  });
}

/** What a campaign asks does not change half-way. */
function requireSame(now: JournalStart, { start }: JournalState): void {
  for (const key of ['only', 'properties'] as const) {
    if (JSON.stringify(now[key]) === JSON.stringify(start[key])) continue;
    const flag = key === 'only' ? '--only' : '--property';
    throw new PalindromeError('resume-differs', `The campaign ${start.id} was started with other values of ${flag}.`, {
      hint: `Give the same ${flag} as then, or start a campaign of its own without --resume.`,
    });
  }
}

function describeResumed({ start, stands, suspects }: JournalState): string {
  const minutes = Math.round((stands?.spentMs ?? 0) / 1000);
  const pending = suspects.length === 0 ? '' : `; ${suspects.length} failing cases that were being reduced run first`;
  return `going on with campaign ${start.id} of ${start.at}, after ${stands?.cases ?? 0} cases and ${minutes} s${pending}`;
}

/** Short, and different for runs that start at once. */
export function makeRunId(): string {
  return BigInt(`0x${randomBytes(7).toString('hex')}`)
    .toString(36)
    .padStart(11, '0')
    .slice(-10);
}
