/** The document's procedures, each done on a database file of its own: migrate, back up, restore, verify. */
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { up } from '../../../harness/cli/library.ts';
import { SPECIFIED_COLUMNS } from '../../../migrations/reference/risk-daemon/specification.ts';
import type { ClaimOutcome, Lab } from '../claim.ts';
import {
  checkIntegrity,
  copyAfterCrash,
  copyAsDocumented,
  countRows,
  createV1,
  logEnforcements,
  migrateAsDocumented,
  open,
  readScript,
  tablesOf,
  verifyAsDocumented,
  type StateDb,
} from './state-db.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** An index script that fails in the middle: the positions of this daemon have no `updated_at` yet. */
export async function judgeFailedScript(lab: Lab): Promise<ClaimOutcome> {
  const file = join(await lab.createFolder(), 'state.db');
  const db = createV1(join(file, '..'));
  db.exec('ALTER TABLE positions DROP COLUMN updated_at');
  db.close();
  const schemaOf = (state: StateDb) =>
    state.prepare("SELECT name FROM sqlite_master WHERE name LIKE 'idx_%' ORDER BY name").pluck().all() as string[];
  const before = look(file, schemaOf);
  const succeeded = migrateAsDocumented(file, readScript('indexes'));
  const left = look(file, schemaOf).filter((name) => !before.includes(name));
  if (succeeded) throw new Error('The script was meant to fail.');
  if (left.length === 0) return held('the index script failed at its second index, and the database is as it was');
  return falsified(
    `the index script fails at its second index, and ${left.join(', ')} stays: the exception is caught inside "with sqlite3.connect()", which then commits`,
  );
}

/** A copy of the file while the daemon's last entries are in the log, and while a reader keeps the daemon's own closing from writing them back. */
export async function judgeBackup(lab: Lab): Promise<ClaimOutcome> {
  const folder = await lab.createFolder();
  const file = join(folder, 'state.db');
  const daemon = createV1(folder);
  logEnforcements(daemon, 40);
  const crashed = join(folder, 'crashed.db');
  await copyAfterCrash(file, crashed);
  const reader = open(file);
  reader.exec('BEGIN');
  countRows(reader, 'enforcement_log');
  daemon.close();
  const afterCrash = await backUpAsDocumented(crashed);
  const withReader = await backUpAsDocumented(file);
  const theirs = await up({
    database: file,
    path: 'migrations/reference/risk-daemon/hardened',
    cwd: ROOT,
    to: '0001',
  }).then((report) => report.backup?.file ?? null);
  reader.close();
  const whole = look(file, (state) => countRows(state, 'enforcement_log'));
  const ours = theirs === null ? 'no backup' : look(theirs, (state) => countRows(state, 'enforcement_log'));
  const parts = [
    { when: 'with a log left by a killed daemon', ...afterCrash },
    { when: 'while a reader is open', ...withReader },
  ];
  const wrong = parts.filter(({ entries }) => entries !== whole);
  if (wrong.length === 0) return held(`every copy has all ${whole} entries`);
  const words = wrong.map(
    ({ when, entries, integrity }) => `${when}, cp has ${entries} of ${whole} entries, integrity ${integrity}`,
  );
  return falsified(`${words.join('; ')}; palindrome up backs up ${ours}`);
}

async function backUpAsDocumented(file: string): Promise<{ readonly entries: string; readonly integrity: string }> {
  const backup = `${file}.copy`;
  await copyAsDocumented(file, backup);
  return look(backup, (state) => ({ entries: countRows(state, 'enforcement_log'), integrity: checkIntegrity(state) }));
}

/** Scenario 2 of the document, twice: after the daemon closed its database, and after it crashed with a log beside it. */
export async function judgeRestore(lab: Lab): Promise<ClaimOutcome> {
  const closed = await restoreAfterMigration(lab, false);
  const crashed = await restoreAfterMigration(lab, true);
  const words = `restored after a clean stop: ${closed ?? 'equal to the backup'}; after a crash, with state.db-wal still there: ${crashed ?? 'equal to the backup'}`;
  return closed === null && crashed === null ? held(words) : falsified(words);
}

/** Null where the restored database is the backup, to the last value; else how it differs. */
async function restoreAfterMigration(lab: Lab, isCrashed: boolean): Promise<string | null> {
  const folder = await lab.createFolder();
  const live = join(folder, 'state.db');
  const v1 = createV1(folder);
  logEnforcements(v1, 5);
  v1.close();
  const backup = join(folder, 'state_pre_v2.db');
  await copyAsDocumented(live, backup);
  for (const script of ['core', 'indexes'] as const) migrateAsDocumented(live, readScript(script));
  const daemon = open(live);
  daemon.pragma('wal_autocheckpoint = 0');
  logEnforcements(daemon, 40);
  const place = join(folder, 'restored');
  if (isCrashed) await copyAfterCrash(live, place);
  daemon.close();
  if (!isCrashed) await copyAfterCrash(live, place);
  // mv data/state.db data/state.db.failed; cp data/backups/… data/state.db
  renameSync(place, `${place}.failed`);
  await copyAsDocumented(backup, place);
  const wanted = look(backup, readTables);
  const { integrity, tables } = look(place, (state) => ({
    integrity: checkIntegrity(state),
    tables: readTables(state),
  }));
  const wrong = Object.keys({ ...wanted, ...tables }).find((table) => tables[table] !== wanted[table]);
  if (wrong === undefined && integrity === 'ok') return null;
  const damage =
    wrong === undefined
      ? 'the same rows'
      : `${wrong} has ${sizeOf(tables[wrong])}, the backup ${sizeOf(wanted[wrong])}`;
  return `${damage}, integrity ${integrity.split('\n')[0]}`;
}

/** By table, its rows as text; a table that cannot be read, with the reason. */
function readTables(state: StateDb): Readonly<Record<string, string>> {
  const read = (table: string) => {
    try {
      return JSON.stringify(state.prepare(`SELECT * FROM "${table}"`).raw().safeIntegers(false).all());
    } catch (fault) {
      return (fault as Error).message;
    }
  };
  try {
    return Object.fromEntries(tablesOf(state).map((table) => [table, read(table)]));
  } catch (fault) {
    return { sqlite_master: (fault as Error).message };
  }
}

function sizeOf(rows: string | undefined): string {
  if (rows === undefined) return 'not even a table';
  return rows.startsWith('[') ? `${(JSON.parse(rows) as unknown[]).length} rows` : `"${rows}"`;
}

/** The optional script on a database that reached v2 without it and has been in use since. */
export async function judgeOptionalLater(lab: Lab): Promise<ClaimOutcome> {
  const folder = await lab.createFolder();
  const file = join(folder, 'state.db');
  createV1(folder).close();
  for (const script of ['core', 'indexes'] as const) migrateAsDocumented(file, readScript(script));
  const rows = look(file, (state) => {
    logEnforcements(state, 40);
    return countRows(state, 'enforcement_log');
  });
  const runs = [migrateAsDocumented(file, readScript('optional')), migrateAsDocumented(file, readScript('optional'))];
  const { errors, left } = look(file, (state) => ({
    errors: verifyAsDocumented(state, true),
    left: countRows(state, 'enforcement_log'),
  }));
  if (runs.includes(false) || errors.length > 0 || left !== rows)
    return falsified(`switched on later: ${[...errors, `${left} of ${rows} entries`].join('; ')}`);
  return held(
    `switched on after ${rows} entries at v2, twice: the table and its verification are there, all ${left} entries too`,
  );
}

/** What should lead to a rollback, done to a migrated database. */
const DAMAGES: readonly (readonly [words: string, damage: string])[] = [
  ['no version 2', 'DELETE FROM schema_version WHERE version = 2'],
  ['a v1 table missing', 'DROP TABLE lockouts'],
  ['an index missing', 'DROP INDEX idx_positions_updated'],
  [
    'an index on another column',
    'DROP INDEX idx_positions_updated; CREATE INDEX idx_positions_updated ON positions(position_id)',
  ],
  ['every enforcement entry lost', 'DELETE FROM enforcement_log'],
  ['every position lost', 'DELETE FROM positions'],
];

/** "Migration fails verification", "Data integrity check fails": which reasons for a rollback the document's verification sees. */
export async function judgeRollbackConditions(lab: Lab): Promise<ClaimOutcome> {
  const missed: string[] = [];
  for (const [words, damage] of [['', ''] as const, ...DAMAGES]) {
    const folder = await lab.createFolder();
    const file = join(folder, 'state.db');
    const db = createV1(folder);
    logEnforcements(db, 40);
    db.close();
    for (const script of ['core', 'indexes'] as const) migrateAsDocumented(file, readScript(script));
    const { errors, hasColumn } = look(file, (state) => {
      state.exec(damage);
      return { errors: verifyAsDocumented(state), hasColumn: state.prepare(SPECIFIED_COLUMNS).all().length === 0 };
    });
    if (words === '') {
      if (errors.length > 0) return falsified(`the verification refuses what the scripts make: ${errors.join('; ')}`);
      if (!hasColumn) missed.push('no execution_time_ms');
    } else if (errors.length === 0) missed.push(words);
  }
  const total = DAMAGES.length + 1;
  if (missed.length === 0) return held(`the verification sees all ${total} reasons`);
  return falsified(
    `of ${total} reasons for a rollback, the verification says "successful" to ${missed.length}: ${missed.join(', ')}`,
  );
}

function look<T>(file: string, use: (state: StateDb) => T): T {
  const state = open(file);
  try {
    return use(state);
  } finally {
    state.close();
  }
}

function held(evidence: string): ClaimOutcome {
  return { verdict: 'held', evidence, replay: null };
}

function falsified(evidence: string): ClaimOutcome {
  return { verdict: 'falsified', evidence, replay: null };
}
