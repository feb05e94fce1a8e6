/** The daemon's database, and the document's procedures on it: its Python functions, its shell commands, its verification. */
import { existsSync, readFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { openConnection } from '../../../harness/dialects/sqlite/native-objects.ts';

export const SET = 'risk-daemon';
const DOCUMENTED = join(import.meta.dirname, '../../../migrations/reference', SET, 'as-documented');

/** The document's scripts, by what it calls them. */
const SCRIPTS = {
  v1: '0001_v1_baseline.sql',
  core: '0002_migration_v1_to_v2_core.sql',
  indexes: '0003_migration_v1_to_v2_indexes.sql',
  optional: '0004_migration_v1_to_v2_optional.sql',
} as const;
export type ScriptName = keyof typeof SCRIPTS;

export type StateDb = Database.Database;

/** Makes `state.db` in a folder as schema v1, in write-ahead mode as the document's check for `state.db-wal` implies, with a few entries. */
export function createV1(folder: string): StateDb {
  const db = openConnection(join(folder, 'state.db'));
  db.pragma('journal_mode = WAL');
  // The log is written back when somebody closes the file, not in between: as with few writes.
  db.pragma('wal_autocheckpoint = 0');
  db.exec(readScript('v1'));
  db.exec(`
    INSERT INTO positions VALUES (1, 7, 'MNQ', 1, 2, 21000.25, '2026-01-05T14:30:00Z', '2026-01-05T14:31:00Z');
    INSERT INTO orders VALUES (1, 7, 'MNQ', 2, 1, 2, 21000.25, NULL, 1, '2026-01-05T14:30:00Z', '2026-01-05T14:30:00Z')`);
  db.pragma('wal_checkpoint(TRUNCATE)');
  return db;
}

/** Entries into the enforcement log, as the daemon writes them. */
export function logEnforcements(db: StateDb, count: number): void {
  const insert = db.prepare(
    `INSERT INTO enforcement_log (timestamp, account_id, rule_id, action, reason) VALUES (?, 7, 'RULE-004', 'FLATTEN', 'loss limit')`,
  );
  for (let index = 0; index < count; index++) insert.run(`2026-01-05T15:00:${String(index % 60).padStart(2, '0')}Z`);
}

/** Opens a database file as the `sqlite3` shell does. */
export function open(file: string): StateDb {
  return openConnection(file, { fileMustExist: true });
}

/** A script of the document. */
export function readScript(name: ScriptName): string {
  return readFileSync(join(DOCUMENTED, SCRIPTS[name]), 'utf8');
}

/**
 * What the document's `migrate_v1_to_v2_…` do: `with sqlite3.connect(…) as db` around a `try` that catches everything around `executescript`.
 * The exception never reaches `with`, so that `with` commits what the script began: Python's documented behaviour. Returns what they return.
 */
export function migrateAsDocumented(file: string, script: string): boolean {
  const db = open(file);
  try {
    db.exec(script);
    return true;
  } catch {
    return false;
  } finally {
    if (db.inTransaction) db.exec('COMMIT');
    db.close();
  }
}

/** `cp data/state.db data/backups/…`: the one file, whatever lies beside it. */
export async function copyAsDocumented(from: string, to: string): Promise<void> {
  await copyFile(from, to);
}

/** What is there of a crashed process: the files as they lie, without the connection that would have closed them. */
export async function copyAfterCrash(file: string, to: string): Promise<void> {
  for (const suffix of ['', '-wal']) if (existsSync(file + suffix)) await copyFile(file + suffix, to + suffix);
}

/** `PRAGMA integrity_check`: `ok`, or what is wrong; also where the file cannot be read at all. */
export function checkIntegrity(db: StateDb): string {
  try {
    return String(db.pragma('integrity_check', { simple: true }));
  } catch (fault) {
    return (fault as Error).message;
  }
}

/** Rows of a table, as text. */
export function countRows(db: StateDb, table: string): string {
  return String(db.prepare(`SELECT count(*) FROM "${table}"`).pluck().get());
}

/** Names of all tables, in order. */
export function tablesOf(db: StateDb): readonly string[] {
  return db
    .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
    .pluck()
    .all() as string[];
}

const V1_TABLES = [
  'lockouts',
  'daily_pnl',
  'contract_cache',
  'trade_history',
  'session_state',
  'positions',
  'orders',
  'enforcement_log',
  'reset_schedule',
];
const REQUIRED_INDEXES = [
  'idx_enforcement_log_success',
  'idx_positions_updated',
  'idx_orders_state_account',
  'idx_schema_version_applied',
];

/** The document's `verify_v2_migration`, check by check: the errors that it would print; empty: it says that the migration was successful. */
export function verifyAsDocumented(db: StateDb, wantsUnrealizedPnl = false): readonly string[] {
  const errors: string[] = [];
  const names = (type: string) =>
    db.prepare('SELECT name FROM sqlite_master WHERE type = ?').pluck().all(type) as string[];
  const version: unknown = db.prepare('SELECT MAX(version) FROM schema_version WHERE success = 1').pluck().get();
  if (version !== 2) errors.push(`Schema version ${String(version)} != 2`);
  const tables = names('table');
  for (const table of V1_TABLES) if (!tables.includes(table)) errors.push(`Missing v1 table: ${table}`);
  if (!tables.includes('schema_version')) errors.push('Missing schema_version table');
  if (wantsUnrealizedPnl && !tables.includes('daily_unrealized_pnl')) errors.push('Missing daily_unrealized_pnl table');
  const indexes = names('index');
  for (const index of REQUIRED_INDEXES) if (!indexes.includes(index)) errors.push(`Missing index: ${index}`);
  const integrity = checkIntegrity(db);
  if (integrity !== 'ok') errors.push(`Integrity check failed: ${integrity}`);
  try {
    for (const table of ['enforcement_log', 'positions', 'orders']) countRows(db, table);
  } catch (fault) {
    errors.push(`Sample query failed: ${(fault as Error).message}`);
  }
  return errors;
}
