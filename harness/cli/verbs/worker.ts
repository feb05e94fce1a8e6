import { setTimeout as sleep } from 'node:timers/promises';
import { type Flags, resolveSettings, type Settings } from '../../config/settings.ts';
import { PalindromeError } from '../../core/errors.ts';
import type { SharedDatabase } from '../../core/shared-database.ts';
import { BEAT_MS, openQueue, type Queue } from '../../queue/queue.ts';
import type { Submission, Taken } from '../../queue/submission.ts';
import { sanitize } from '../../../reports/sanitize.ts';
import type { RawFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { filesOf, requireSameFiles } from '../queue/queue-files.ts';
import { requireQueueUrl } from '../queue/queue-url.ts';
import { runItem } from '../queue/run-item.ts';
import { openSharedSession } from '../shared-session.ts';

interface WorkerFlags extends Pick<RawFlags, 'provider' | 'image' | 'serverUrl' | 'allowRemote' | 'workers'> {
  readonly queue?: string;
  readonly campaign?: string;
  readonly drain?: boolean;
}

interface Working {
  readonly queue: Queue;
  readonly db: SharedDatabase;
  readonly flags: WorkerFlags;
  readonly io: Io;
  /** By campaign: its settings here, or null where its files are not here. */
  readonly known: Map<string, Settings | null>;
  /** The first refusal, for the exit code. */
  refused: PalindromeError | null;
}

const IDLE_MS = 500;
const MOST_IDLE_MS = 5_000;

/** `palindrome worker`: 0 nothing is left (`--drain`), 130 asked to stop. Throws what the queue or an environment that fails throws. */
export async function runWorker(flags: WorkerFlags, io: Io): Promise<number> {
  const url = requireQueueUrl(flags.queue, io.env);
  await using db = await openSharedSession({ url, purpose: 'worker', signal: io.signal });
  const working: Working = { queue: await openQueue(db), db, flags, io, known: new Map(), refused: null };
  say(io, `waiting for work at ${db.shownAs}`);
  let idleMs = IDLE_MS;
  while (!io.signal.aborted) {
    const { hasWorked, isOpen } = await workOnce(working);
    if (hasWorked) {
      idleMs = IDLE_MS;
      continue;
    }
    // What others have in hand may come back: only when nothing is open is nothing left.
    if (flags.drain === true && !isOpen) break;
    await sleep(idleMs, undefined, { signal: io.signal }).catch(() => undefined);
    idleMs = Math.min(MOST_IDLE_MS, idleMs * 2);
  }
  if (io.signal.aborted) return 130;
  if (working.refused !== null) throw working.refused;
  return 0;
}

/** Takes one item, of the oldest campaign that has one. */
async function workOnce(working: Working): Promise<{ readonly hasWorked: boolean; readonly isOpen: boolean }> {
  const { queue, flags } = working;
  let isOpen = false;
  for (const submission of await queue.campaigns()) {
    if (flags.campaign !== undefined && submission.id !== flags.campaign) continue;
    const settings = await settingsOf(working, submission);
    if (settings === null) continue;
    await queue.handOn(submission.id);
    const taken = await queue.take(submission.id);
    if (taken !== null) {
      await work(working, { submission, taken, settings });
      return { hasWorked: true, isOpen: true };
    }
    const { done, failed } = await queue.standing(submission.id);
    isOpen ||= done + failed.length < submission.items;
  }
  return { hasWorked: false, isOpen };
}

interface Work {
  readonly submission: Submission;
  readonly taken: Taken;
  readonly settings: Settings;
}

async function work({ queue, io }: Working, { submission, taken, settings }: Work): Promise<void> {
  const { id, items } = submission;
  say(io, `item ${taken.item} of ${items} of campaign ${id}`);
  const startedMs = Date.now();
  const beat = setInterval(() => void queue.beat(id, taken).catch(() => undefined), BEAT_MS);
  try {
    const outcome = await runItem({ submission, item: taken.item, settings, io, signal: io.signal, emit: tellNobody });
    if (outcome.kind === 'stopped') {
      await queue.giveBack(id, taken, outcome.why);
      if (io.signal.aborted) {
        say(io, `item ${taken.item} was given back`);
        return;
      }
      throw new PalindromeError(
        'worker-cannot',
        `Item ${taken.item} of campaign ${id} could not be run here: ${outcome.why}`,
        {
          kind: 'environment',
          hint: 'It was given back to the queue. palindrome doctor says which providers work here.',
        },
      );
    }
    const isFirst = await queue.finish(id, taken, outcome);
    const told = isFirst ? '' : '; another worker was first';
    say(io, `item ${taken.item} done in ${((Date.now() - startedMs) / 1000).toFixed(1)} s${told}`);
  } finally {
    clearInterval(beat);
  }
}

/** Null: this checkout is of other files, which is told once. */
async function settingsOf(working: Working, submission: Submission): Promise<Settings | null> {
  const { known, io, flags } = working;
  const before = known.get(submission.id);
  if (before !== undefined) return before;
  let settings: Settings | null = null;
  try {
    const { provider, image, serverUrl, allowRemote, workers } = flags;
    const own = { provider, image, serverUrl, allowRemote, workers };
    const asked = { ...(submission.flags as Flags), seed: submission.seed };
    settings = await resolveSettings({
      paths: submission.paths,
      flags: { ...asked, ...own },
      cwd: io.cwd,
      env: io.env,
    });
    requireSameFiles(submission, await filesOf(settings, io.cwd), io.toolVersion);
  } catch (thrown) {
    settings = null;
    const fault = asRefusal(thrown, submission);
    if (flags.campaign === submission.id) throw fault;
    working.refused ??= fault;
    say(io, `campaign ${submission.id} is left to others: ${fault.message}`);
  }
  known.set(submission.id, settings);
  return settings;
}

function asRefusal(thrown: unknown, { id }: Submission): PalindromeError {
  if (thrown instanceof PalindromeError) return thrown;
  if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
  return new PalindromeError('queue-files-differ', `The folders of campaign ${id} are not here.`, {
    hint: 'Check out the same commit as the submitter, and run the worker where it ran.',
  });
}

function say({ err }: Io, line: string): void {
  err(`${line.split('\n').map(sanitize).join('\n')}\n`);
}

/** What a worker judges is told by the submitter. */
function tellNobody(): void {}
