/** The queue's own tables beside those of pg-boss, and their version. */
import { PalindromeError } from '../core/errors.ts';
import type { SharedDatabase } from '../core/shared-database.ts';

export const SCHEMA = 'palindrome_queue';
/** The schema of pg-boss. */
export const BOSS_SCHEMA = 'palindrome_boss';
const FORMAT = 'palindrome-queue/1';

/** Makes the tables where there are none. Throws `queue-newer` where a later version made them. */
export async function claimQueue(db: SharedDatabase): Promise<void> {
  const [there] = await db.ask(`SELECT to_regclass('${SCHEMA}.queue') IS NOT NULL AS there`);
  if (there?.['there'] !== true) await db.run(TABLES);
  const [row] = await db.ask(`SELECT format FROM ${SCHEMA}.queue`);
  if (row?.['format'] === FORMAT) return;
  throw new PalindromeError(
    'queue-newer',
    `The queue at ${db.shownAs} has the format ${String(row?.['format'])}, which this version does not know.`,
    {
      hint: 'Use one version of palindrome for submitting and for every worker, or another database. Nothing was written.',
    },
  );
}

const TABLES = `
  SELECT pg_advisory_xact_lock(hashtextextended('palindrome queue', 0));
  CREATE SCHEMA IF NOT EXISTS ${SCHEMA};
  CREATE TABLE IF NOT EXISTS ${SCHEMA}.queue (format text NOT NULL, only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row));
  CREATE TABLE IF NOT EXISTS ${SCHEMA}.campaigns (
    id text PRIMARY KEY, submission text NOT NULL, is_ready boolean NOT NULL DEFAULT false, created_at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE IF NOT EXISTS ${SCHEMA}.results (
    campaign text NOT NULL REFERENCES ${SCHEMA}.campaigns ON DELETE CASCADE, item integer NOT NULL, outcome text NOT NULL,
    worker text NOT NULL, PRIMARY KEY (campaign, item));
  CREATE TABLE IF NOT EXISTS ${SCHEMA}.claims (
    campaign text NOT NULL REFERENCES ${SCHEMA}.campaigns ON DELETE CASCADE, item integer NOT NULL, job text NOT NULL,
    worker text NOT NULL, beat_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (campaign, item));
  INSERT INTO ${SCHEMA}.queue (format) VALUES ('${FORMAT}') ON CONFLICT DO NOTHING;`;
