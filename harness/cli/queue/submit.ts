/** `fuzz --queue`: submits a campaign, waits until workers have done it, and reports what one process would have reported. */
import { setTimeout as sleep } from 'node:timers/promises';
import { mergeReports } from '../../campaign/merge-reports.ts';
import { resolveSettings, type Settings } from '../../config/settings.ts';
import { messageOf, PalindromeError } from '../../core/errors.ts';
import type { CampaignEvent } from '../../core/events.ts';
import { matchesGlob } from '../../core/glob.ts';
import type { Report } from '../../core/report.ts';
import { count } from '../../core/text.ts';
import { openQueue, type Queue } from '../../queue/queue.ts';
import type { ItemOutcome, Submission } from '../../queue/submission.ts';
import type { Store } from '../../store/store.ts';
import { readFlags, type RawFlags } from '../flags.ts';
import { makeRunId } from '../fuzz-sets.ts';
import type { Io } from '../io.ts';
import { openStoreOf } from '../open-store-of.ts';
import { readSets, requireMatch, type ReadSet } from '../read-sets.ts';
import { openRemembering } from '../remember-run.ts';
import { openSharedSession } from '../shared-session.ts';
import { readExamples } from '../stored-cases.ts';
import { judgeAndReport } from '../verbs/verify.ts';
import { filesOf } from './queue-files.ts';
import { requireQueueUrl } from './queue-url.ts';

export interface SubmitRequest {
  readonly paths: readonly string[];
  readonly flags: RawFlags;
  /** Cases of each unit. */
  readonly each: number;
  /** True: that of the environment. */
  readonly url: string | true;
  /** Null: one a migration. */
  readonly items: number | null;
  readonly isResuming: boolean;
}

/** More items cost more: each opens its sets anew. */
const MOST_ITEMS = 64;
const POLL_MS = 500;
const QUIET_MS = 15_000;
/** Where it runs, and what comes out, is each machine's own affair. */
const OWN_FLAGS = new Set([
  'provider',
  'image',
  'serverUrl',
  'allowRemote',
  'workers',
  'report',
  'keep',
  'store',
  'color',
  'base',
  'failOn',
  'seed',
  'debug',
]);

/** Returns the exit code that the joined report gives. */
export async function submitCampaign(request: SubmitRequest, io: Io): Promise<number> {
  const flags = readFlags(request.flags);
  const settings = await resolveSettings({ paths: request.paths, flags, cwd: io.cwd, env: io.env });
  if (settings.sets.some(({ dataset }) => dataset !== null))
    throw new PalindromeError('settings-conflict', 'Data to start from (--dataset) is not sent through a queue.', {
      hint: 'Run fuzz with --dataset on one machine, and without it on a queue.',
    });
  if (settings.run.since !== null)
    throw new PalindromeError(
      'settings-conflict',
      'What was changed since a ref (--since) is not judged through a queue.',
      {
        hint: 'Name the migrations with --only, or leave --queue out: what a branch changes is small.',
      },
    );
  return judgeAndReport(settings.run, io, (emit) => submitAndWait(request, settings, io, emit));
}

async function submitAndWait(
  request: SubmitRequest,
  settings: Settings,
  io: Io,
  emit: (event: CampaignEvent) => void,
): Promise<Report> {
  const url = requireQueueUrl(request.url, io.env);
  const sets = await readSets(settings.sets, io.env);
  requireMatch(settings.run.only, sets);
  await using store = await openStoreOf(settings.run.store, io.signal);
  const remembering = await openRemembering(settings.run, store, emit);
  await using db = await openSharedSession({ url, purpose: 'queue', signal: io.signal });
  const queue = await openQueue(db);
  const made = await makeSubmission(request, { settings, sets, store, io, emit });
  const submission = request.isResuming ? await findSubmitted(queue, made) : made;
  emit({ type: 'run-started', verb: 'fuzz', seed: submission.seed, sets: sets.length });
  if (!request.isResuming) await queue.submit(submission);
  emit({
    type: 'note',
    message: `campaign ${submission.id} has ${count(submission.items, 'item')} in the queue at ${queue.shownAs}`,
  });
  await waitUntilDone(queue, submission, io, emit);
  const outcomes = await queue.results(submission.id);
  const judged = requireJudged(outcomes);
  const merged = mergeReports(
    judged.map(({ report }, at) => ({ shownAs: `item ${at + 1} of campaign ${submission.id}`, report })),
  );
  for (const { example, repro, history } of judged.flatMap(({ found }) => found))
    await store.save(example, repro, history);
  await store.writeJudged(new Map(judged.flatMap((outcome) => outcome.judged)));
  const report = await remembering.conclude(merged);
  await clearAway(queue, submission, emit);
  emit({ type: 'run-finished', report });
  return report;
}

/** The report is there by now: what cannot be cleared away takes nothing from it. */
async function clearAway(queue: Queue, submission: Submission, emit: (event: CampaignEvent) => void): Promise<void> {
  try {
    await queue.remove(submission);
  } catch (thrown) {
    emit({
      type: 'note',
      message: `campaign ${submission.id} could not be cleared away from the queue: ${messageOf(thrown)}`,
    });
  }
}

interface Making {
  readonly settings: Settings;
  readonly sets: readonly ReadSet[];
  readonly store: Store;
  readonly io: Io;
  readonly emit: (event: CampaignEvent) => void;
}

async function makeSubmission(request: SubmitRequest, making: Making): Promise<Submission> {
  const { settings, sets, store, io, emit } = making;
  const { run } = settings;
  const paths = new Set(sets.map(({ set }) => set.path));
  const flags = Object.entries(readFlags(request.flags)).filter(
    ([name, value]) => value !== undefined && !OWN_FLAGS.has(name),
  );
  const migrations = countMigrations(sets, run.only);
  return {
    format: 'palindrome-queue/1',
    id: makeRunId(),
    tool: io.toolVersion,
    paths: request.paths,
    sets: [...paths],
    flags: Object.fromEntries(flags),
    seed: run.seed,
    each: request.each,
    items: Math.min(request.items ?? MOST_ITEMS, migrations),
    files: await filesOf(settings, io.cwd),
    judged: [...(await store.readJudged())],
    examples: (await readExamples(store, emit)).filter(({ set }) => paths.has(set.path)),
    store: { shownAs: store.shownAs, folder: run.store.shownAs },
  };
}

/** As they are dealt out: a migration once for each version of its engine. */
function countMigrations(sets: readonly ReadSet[], only: string | null): number {
  return sets.reduce((sum, { set, settings }) => {
    const matching = set.migrations.filter(({ name }) => only === null || matchesGlob(only, name)).length;
    return sum + matching * (set.dialect === 'postgres' ? settings.postgres.length : 1);
  }, 0);
}

/** What a campaign is about: equal for campaigns over the same files. */
function subjectOf({ paths, files, tool }: Submission): string {
  return JSON.stringify([paths, files, tool]);
}

/** The newest campaign of the queue over the same files. Throws `nothing-to-resume`. */
async function findSubmitted(queue: Queue, made: Submission): Promise<Submission> {
  const found = (await queue.campaigns()).findLast((each) => subjectOf(each) === subjectOf(made));
  if (found !== undefined) return found;
  throw new PalindromeError('nothing-to-resume', `No campaign over these files is in the queue at ${queue.shownAs}.`, {
    hint: 'Submit one without --resume. One that was submitted with other files is gone on with in their checkout.',
  });
}

/** Returns when every item has its result. Throws `queue-item-failed`, `campaign-goes-on` where it was asked to stop, and what the queue throws. */
async function waitUntilDone(
  queue: Queue,
  { id, items }: Submission,
  { signal }: Io,
  emit: (event: CampaignEvent) => void,
): Promise<void> {
  let told = -1;
  let quietSince = Date.now();
  for (;;) {
    const handedOn = await queue.handOn(id);
    if (handedOn > 0)
      emit({ type: 'note', message: `${count(handedOn, 'item')} of a worker that is gone waits for another one` });
    const { done, failed, workers } = await queue.standing(id);
    if (done > told) {
      if (done > 0)
        emit({ type: 'note', message: `${done} of ${count(items, 'item')} done, ${count(workers, 'worker')} at it` });
      told = done;
      quietSince = Date.now();
    }
    if (done >= items) return;
    const [first] = failed;
    if (first !== undefined)
      throw new PalindromeError(
        'queue-item-failed',
        `Item ${first.item} of campaign ${id} was begun again and again, and no worker came to its end: ${first.why}`,
        { kind: 'environment', hint: 'Run that slice alone to see why: palindrome fuzz … --cases-each N --shard i/n.' },
      );
    if (workers === 0 && Date.now() - quietSince > QUIET_MS) {
      emit({ type: 'note', message: 'no worker is at it: start one with palindrome worker --queue' });
      quietSince = Date.now();
    }
    if (signal.aborted)
      throw new PalindromeError(
        'campaign-goes-on',
        `Campaign ${id} is still in the queue, and workers go on with it.`,
        {
          kind: 'environment',
          hint: 'Collect what it comes to with the same command and --resume.',
        },
      );
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

function requireJudged(
  outcomes: ReadonlyMap<number, ItemOutcome>,
): readonly Extract<ItemOutcome, { kind: 'judged' }>[] {
  return [...outcomes.values()].map((outcome) => {
    if (outcome.kind === 'judged') return outcome;
    const { code, message, hint } = outcome;
    throw new PalindromeError(code, message, hint === null ? {} : { hint });
  });
}
