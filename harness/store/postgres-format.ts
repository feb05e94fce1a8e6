/**
 * The version of a store in a database: the one row of `store`, written with the tables in one transaction. Two processes that begin a store at once
 * wait for each other.
 */
import { PalindromeError } from '../core/errors.ts';
import type { SharedDatabase } from '../core/shared-database.ts';

const FORMAT = 'palindrome-store/1';

/** A schema of a shared database, quoted. */
export interface SharedSchema {
  readonly db: SharedDatabase;
  /** As it stands in SQL. */
  readonly schema: string;
  readonly shownAs: string;
}

/** Throws `store-newer` where a later version made the store, `store-invalid` where the schema holds something else. A schema that is not there is fine. */
export async function requireTables({ db, schema, shownAs }: SharedSchema): Promise<'there' | 'absent'> {
  const [found] = await db.ask(
    `SELECT to_regclass($1) IS NOT NULL AS has_store,
       EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace($2) AND relkind IN ('r', 'p', 'v')) AS has_any`,
    [`${schema}.store`, schema],
  );
  if (found?.['has_store'] !== true) {
    if (found?.['has_any'] === true) throw invalid(shownAs, `the schema ${schema} holds tables that are not a store's`);
    return 'absent';
  }
  const [row] = await db.ask(`SELECT format FROM ${schema}.store`);
  const format = row?.['format'];
  if (format === FORMAT) return 'there';
  if (typeof format === 'string' && format.startsWith('palindrome-store/'))
    throw new PalindromeError('store-newer', `${shownAs} has the format ${format}, which this version does not know.`, {
      hint: 'Update palindrome, or give another store with --store. Nothing was written to it.',
    });
  throw invalid(shownAs, `the table ${schema}.store does not say that this is a store of palindrome`);
}

/** Makes sure that a store may be written, and that its tables are there. Throws as `requireTables`. */
export async function claimTables(where: SharedSchema): Promise<void> {
  if ((await requireTables(where)) === 'there') return;
  await where.db.run(tablesOf(where.schema));
  await requireTables(where);
}

/** Everything at once, or nothing; where another process was first, nothing is left to do. */
function tablesOf(schema: string): string {
  return `
    SELECT pg_advisory_xact_lock(hashtextextended('palindrome store ${schema.replaceAll("'", "''")}', 0));
    CREATE SCHEMA IF NOT EXISTS ${schema};
    CREATE TABLE IF NOT EXISTS ${schema}.store (format text NOT NULL, only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row));
    CREATE TABLE IF NOT EXISTS ${schema}.counterexamples (
      id text PRIMARY KEY, example text NOT NULL, repro text NOT NULL, history text, saved_at timestamptz NOT NULL DEFAULT now());
    CREATE TABLE IF NOT EXISTS ${schema}.runs (
      number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id text NOT NULL UNIQUE, entry text NOT NULL);
    CREATE TABLE IF NOT EXISTS ${schema}.judged (unit text PRIMARY KEY, checksum text NOT NULL);
    CREATE TABLE IF NOT EXISTS ${schema}.journals (
      campaign text NOT NULL, number bigint NOT NULL, record text NOT NULL, PRIMARY KEY (campaign, number));
    INSERT INTO ${schema}.store (format) VALUES ('${FORMAT}') ON CONFLICT DO NOTHING;`;
}

function invalid(shownAs: string, why: string): PalindromeError {
  return new PalindromeError('store-invalid', `${shownAs} is no store of palindrome: ${why}.`, {
    hint: 'Give another schema (?schema=…), another database, or a folder with --store. Nothing was written to it.',
  });
}
