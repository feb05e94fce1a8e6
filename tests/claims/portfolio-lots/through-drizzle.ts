/** "Option A: using Drizzle Kit (recommended)": the migrator of drizzle-orm, and the model that drizzle-kit reads. */
import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { Client } from 'pg';
import type { ClaimOutcome, Lab } from '../claim.ts';
import { openSession, runFile, runFiles, SET_FOLDER } from './database.ts';

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const DRIZZLE_KIT = join(dirname(require.resolve('drizzle-kit')), 'bin.cjs');

/** Runs a folder with drizzle-orm's own migrator: what the database said, or null where it went through. */
export async function migrateFolder(url: string, migrationsFolder: string): Promise<string | null> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await migrate(drizzle(client), { migrationsFolder });
    return null;
  } catch (thrown) {
    const { cause } = thrown as Error;
    const fault = (cause ?? thrown) as Error & { code?: string };
    return `${fault.message} (${fault.code ?? 'no SQLSTATE'})`;
  } finally {
    await client.end();
  }
}

/** The names of the tables and indexes that a database of ours has. */
export async function listRelations(url: string): Promise<readonly string[]> {
  await using session = await openSession(url);
  const rows = await session.ask(`SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i') ORDER BY relname COLLATE "C"`);
  return rows.map(({ relname }) => relname ?? '');
}

export async function judgeBothWays(lab: Lab): Promise<ClaimOutcome> {
  const byHand = await lab.createDatabase();
  await using session = await openSession(byHand);
  await runFiles(session, 'as-documented', ['0000_portfolio_schema.sql']);
  const plain = await runFile(session, 'as-documented', '0001_portfolio_schema_hardening.sql');

  const inDrizzle = await lab.createDatabase();
  const folder = join(SET_FOLDER, 'as-documented-drizzle');
  // The document's list of files has no journal, and what the journal does not list is not run.
  const unlisted = await lab.createFolder();
  await cp(folder, unlisted, { recursive: true });
  await unlist(unlisted, '0001_portfolio_schema_hardening');
  const silence = await migrateFolder(inDrizzle, unlisted);
  if (silence !== null) return { verdict: 'inconclusive', evidence: `the baseline fails: ${silence}`, replay: null };
  const baseline = await listRelations(inDrizzle);
  const refusal = await migrateFolder(inDrizzle, folder);
  const [left, right] = [await listRelations(byHand), await listRelations(inDrizzle)];
  if (plain.refusal === refusal && left.join() === right.join()) {
    return { verdict: 'held', evidence: `both end the same, with ${left.length} tables and indexes`, replay: null };
  }
  const wanted = left.filter((name) => !baseline.includes(name));
  const made = wanted.filter((name) => right.includes(name));
  return {
    verdict: 'falsified',
    evidence: `psql: ${plain.refusal ?? `all ${plain.completed} statements go through`}. Drizzle without an entry in the journal: runs nothing and says nothing; with one: ${refusal ?? 'goes through'}, and ${made.length} of ${wanted.length} new indexes are there`,
    replay: null,
  };
}

async function unlist(folder: string, tag: string): Promise<void> {
  const file = join(folder, 'meta/_journal.json');
  const journal = JSON.parse(await readFile(file, 'utf8')) as { entries: { tag: string }[] };
  await writeFile(file, JSON.stringify({ ...journal, entries: journal.entries.filter((entry) => entry.tag !== tag) }));
}

/** The SQL by which drizzle-kit would make a model's schema. It asks no database and no network. */
export async function exportModel(schemaFile: string): Promise<string> {
  const schema = join(SET_FOLDER, 'shared', schemaFile);
  const { stdout } = await run(process.execPath, [
    DRIZZLE_KIT,
    'export',
    '--dialect',
    'postgresql',
    '--schema',
    schema,
    '--sql',
  ]);
  return stdout;
}
