/**
 * Campaigns on pg-boss: items are its jobs, one queue for each campaign, and what they come to stands in a table by campaign and item, so that a result
 * that arrives twice arrives once. A worker that is gone is known by its lock, which ends with its session, or by a beat that stopped; its item is handed
 * to another one. It imports core alone.
 */
import { randomUUID } from 'node:crypto';
import PgBoss from 'pg-boss';
import { sha256 } from '../core/hash.ts';
import type { SharedDatabase } from '../core/shared-database.ts';
import type { CampaignStanding, ItemOutcome, Submission, Taken } from './submission.ts';
import { BOSS_SCHEMA, claimQueue, SCHEMA } from './tables.ts';

/** How often an item is begun before it is given up: it ended so many workers. */
const MOST_ATTEMPTS = 12;
/** A worker beats this often while it has an item. */
export const BEAT_MS = 3_000;
/** One whose session seems to live, and that did not beat for so long, is cut off. */
const SILENT = '60 seconds';
/** An active job that nobody claims was lost between being fetched and being claimed. */
const UNCLAIMED = '20 seconds';
const EXPIRE_SECONDS = 82_800;

export interface Queue {
  readonly shownAs: string;
  /** Puts a campaign and its items into the queue; workers see it when it is whole. */
  submit(submission: Submission): Promise<void>;
  /** Campaigns that are whole, oldest first. */
  campaigns(): Promise<readonly Submission[]>;
  /** Takes an item in hand; null: none is waiting. */
  take(campaign: string): Promise<Taken | null>;
  /** Says that an item is still being worked on. */
  beat(campaign: string, taken: Taken): Promise<void>;
  /** Writes what an item came to; false: another worker's result was there first. */
  finish(campaign: string, taken: Taken, outcome: ItemOutcome): Promise<boolean>;
  /** Gives an item back, to be taken again at once. */
  giveBack(campaign: string, taken: Taken, why: string): Promise<void>;
  /** Hands on what workers that are gone had in hand; how many items that were. */
  handOn(campaign: string): Promise<number>;
  standing(campaign: string): Promise<CampaignStanding>;
  /** What every item came to, by item. */
  results(campaign: string): Promise<ReadonlyMap<number, ItemOutcome>>;
  /** Takes a campaign and everything of it away. */
  remove(campaign: Pick<Submission, 'id' | 'items'>): Promise<void>;
}

/** Opens the queue; tables are made where there are none. The caller closes `db`. Throws `queue-newer`. */
export async function openQueue(db: SharedDatabase): Promise<Queue> {
  await claimQueue(db);
  const boss = new PgBoss({
    db: { executeSql: async (text, values) => ({ rows: [...(await db.ask(text, values))] }) },
    schema: BOSS_SCHEMA,
    supervise: false,
    schedule: false,
  });
  // Two that make pg-boss's tables at once would end in a failed transaction.
  await db.ask(`SELECT pg_advisory_lock(hashtextextended('${BOSS_SCHEMA}', 0))`);
  try {
    await boss.start();
  } finally {
    await db.ask(`SELECT pg_advisory_unlock(hashtextextended('${BOSS_SCHEMA}', 0))`);
  }
  const worker = randomUUID();
  await db.lock(lockOf(worker));
  const rows = db.ask.bind(db);

  const readyJobs = async (
    campaign: string,
  ): Promise<readonly { id: string; worker: string | null; isLate: boolean }[]> =>
    (
      await rows(
        `SELECT job.id::text AS id, claim.worker, coalesce(claim.beat_at < now() - interval '${SILENT}',
           job.started_on < now() - interval '${UNCLAIMED}') AS late
         FROM ${BOSS_SCHEMA}.job LEFT JOIN ${SCHEMA}.claims claim ON claim.campaign = $1 AND claim.job = job.id::text
         WHERE job.name = $2 AND job.state = 'active'`,
        [campaign, nameOf(campaign)],
      )
    ).map((row) => ({
      id: String(row['id']),
      worker: typeof row['worker'] === 'string' ? row['worker'] : null,
      isLate: row['late'] === true,
    }));

  return {
    shownAs: db.shownAs,
    async submit(submission) {
      const { id, items } = submission;
      await rows(`INSERT INTO ${SCHEMA}.campaigns (id, submission) VALUES ($1, $2) ON CONFLICT DO NOTHING`, [
        id,
        JSON.stringify(submission),
      ]);
      await boss.createQueue(nameOf(id), {
        name: nameOf(id),
        retryLimit: MOST_ATTEMPTS,
        retryDelay: 0,
        expireInSeconds: EXPIRE_SECONDS,
      });
      await boss.insert(
        Array.from({ length: items }, (_, at) => ({
          // The same id for the same item: sent twice, it is one job.
          id: jobId(id, at + 1),
          name: nameOf(id),
          data: { item: at + 1 },
          retryLimit: MOST_ATTEMPTS,
          retryDelay: 0,
          expireInSeconds: EXPIRE_SECONDS,
        })),
      );
      await rows(`UPDATE ${SCHEMA}.campaigns SET is_ready = true WHERE id = $1`, [id]);
    },
    async campaigns() {
      const found = await rows(`SELECT submission FROM ${SCHEMA}.campaigns WHERE is_ready ORDER BY created_at, id`);
      return found.map(({ submission }) => JSON.parse(String(submission)) as Submission);
    },
    async take(campaign) {
      const [job] =
        (await boss.getQueue(nameOf(campaign))) === null ? [] : await boss.fetch<{ item: number }>(nameOf(campaign));
      if (job === undefined) return null;
      const taken: Taken = { job: job.id, item: job.data.item };
      await rows(
        `INSERT INTO ${SCHEMA}.claims (campaign, item, job, worker) VALUES ($1, $2, $3, $4)
         ON CONFLICT (campaign, item) DO UPDATE SET job = excluded.job, worker = excluded.worker, beat_at = now()`,
        [campaign, taken.item, taken.job, worker],
      );
      return taken;
    },
    async beat(campaign, { item }) {
      await rows(`UPDATE ${SCHEMA}.claims SET beat_at = now() WHERE campaign = $1 AND item = $2 AND worker = $3`, [
        campaign,
        item,
        worker,
      ]);
    },
    async finish(campaign, { job, item }, outcome) {
      await rows(
        `INSERT INTO ${SCHEMA}.results (campaign, item, outcome, worker)
         SELECT $1, $2, $3, $4 WHERE EXISTS (SELECT FROM ${SCHEMA}.campaigns WHERE id = $1) ON CONFLICT DO NOTHING`,
        [campaign, item, JSON.stringify(outcome), worker],
      );
      const [mine] = await rows(`SELECT worker FROM ${SCHEMA}.results WHERE campaign = $1 AND item = $2`, [
        campaign,
        item,
      ]);
      await boss.complete(nameOf(campaign), job);
      return mine?.['worker'] === worker;
    },
    async giveBack(campaign, { job, item }, why) {
      await boss.fail(nameOf(campaign), job, { message: why });
      await rows(`DELETE FROM ${SCHEMA}.claims WHERE campaign = $1 AND item = $2 AND worker = $3`, [
        campaign,
        item,
        worker,
      ]);
    },
    async handOn(campaign) {
      const lost: string[] = [];
      for (const job of await readyJobs(campaign)) {
        if (job.worker === worker) continue;
        if (job.isLate || (job.worker !== null && (await isGone(db, job.worker)))) lost.push(job.id);
      }
      for (const id of lost) await boss.fail(nameOf(campaign), id, { message: 'its worker ended, or was cut off' });
      return lost.length;
    },
    async standing(campaign) {
      const [counts] = await rows(
        `SELECT (SELECT count(*) FROM ${SCHEMA}.results WHERE campaign = $1)::int AS done,
           (SELECT count(DISTINCT worker) FROM ${SCHEMA}.claims WHERE campaign = $1 AND beat_at > now() - interval '${SILENT}'
              AND NOT EXISTS (SELECT FROM ${SCHEMA}.results done WHERE done.campaign = $1 AND done.item = claims.item))::int AS workers`,
        [campaign],
      );
      const failed = await rows(
        `SELECT (data->>'item')::int AS item, coalesce(output->>'message', output::text) AS why
         FROM ${BOSS_SCHEMA}.job WHERE name = $2 AND state = 'failed'
           AND NOT EXISTS (SELECT FROM ${SCHEMA}.results WHERE campaign = $1 AND item = (data->>'item')::int) ORDER BY 1`,
        [campaign, nameOf(campaign)],
      );
      return {
        done: Number(counts?.['done'] ?? 0),
        workers: Number(counts?.['workers'] ?? 0),
        failed: failed.map(({ item, why }) => ({ item: Number(item), why: String(why) })),
      };
    },
    async results(campaign) {
      const found = await rows(`SELECT item, outcome FROM ${SCHEMA}.results WHERE campaign = $1 ORDER BY item`, [
        campaign,
      ]);
      return new Map(found.map(({ item, outcome }) => [Number(item), JSON.parse(String(outcome)) as ItemOutcome]));
    },
    async remove({ id, items }) {
      await rows(`DELETE FROM ${SCHEMA}.campaigns WHERE id = $1`, [id]);
      // pg-boss deletes a queue only where no job is in it.
      await boss.deleteJob(
        nameOf(id),
        Array.from({ length: items }, (_, at) => jobId(id, at + 1)),
      );
      await boss.deleteQueue(nameOf(id));
    },
  };
}

/** Its lock is free: its session ended. */
async function isGone(db: SharedDatabase, worker: string): Promise<boolean> {
  const lock = lockOf(worker);
  if (!(await db.lock(lock))) return false;
  await db.unlock(lock);
  return true;
}

function lockOf(worker: string): string {
  return `palindrome worker ${worker}`;
}

function nameOf(campaign: string): string {
  return `palindrome-${campaign}`;
}

/** A UUID that the campaign and the item decide. */
function jobId(campaign: string, item: number): string {
  const hex = sha256(`${campaign} ${item}`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
