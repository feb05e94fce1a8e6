/**
 * The ledger's SQL, for SQLite.
 */
import { PalindromeError } from '../../core/errors.ts';
import { LEDGER_STATES } from '../../core/live.ts';
import type { LedgerRow, LedgerWrite } from '../../core/live.ts';
import { quoteName, quoteText } from './quote.ts';

/** The format of the rows that this version writes, and the newest that it reads. */
const FORMAT = 1;

/** The ledger's table, as the catalog names it. Throws `ledger-name` for what is no table in plain letters. */
export function ledgerKey(table: string): string {
  if (/^[a-z_][a-z0-9_]*$/.test(table)) return table;
  throw new PalindromeError('ledger-name', `A ledger cannot be called "${table}".`, {
    hint: 'Give a table in lower-case letters, digits and underscores.',
  });
}

/** Makes the table where there is none. */
export function createLedgerSql(key: string): string {
  return `CREATE TABLE IF NOT EXISTS main.${quoteName(key)} (
  version TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  up_sha256 TEXT NOT NULL,
  down_sha256 TEXT,
  state TEXT NOT NULL CHECK (state IN (${LEDGER_STATES.map(quoteText).join(', ')})),
  position INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  applied_at TEXT,
  duration_ms INTEGER,
  effects TEXT,
  notes TEXT NOT NULL DEFAULT '[]',
  format INTEGER NOT NULL DEFAULT ${FORMAT}
)`;
}

/** One row with one text: all rows as JSON. */
export function readLedgerSql(key: string): string {
  return `SELECT json_group_array(json_object('version', version, 'name', name, 'upSha256', up_sha256, 'downSha256', down_sha256,
    'state', state, 'position', position, 'startedAt', started_at, 'appliedAt', applied_at, 'durationMs', duration_ms,
    'effects', effects, 'notes', json(notes), 'format', format)) FROM (SELECT * FROM main.${quoteName(key)} ORDER BY position)`;
}

/** One write. */
export function ledgerWriteSql(key: string, write: LedgerWrite): string {
  const table = `main.${quoteName(key)}`;
  if (write.kind === 'remove') return `DELETE FROM ${table} WHERE version = ${quoteText(write.version)}`;
  const { row } = write;
  const values: Readonly<Record<string, string>> = {
    version: text(row.version),
    name: text(row.name),
    up_sha256: text(row.upSha256),
    down_sha256: text(row.downSha256),
    state: text(row.state),
    position: String(row.position),
    started_at: text(row.startedAt),
    applied_at: text(row.appliedAt),
    duration_ms: row.durationMs === null ? 'NULL' : String(row.durationMs),
    effects: text(row.effects),
    notes: text(JSON.stringify(row.notes)),
    format: String(FORMAT),
  };
  return `INSERT OR REPLACE INTO ${table} (${Object.keys(values).join(', ')}) VALUES (${Object.values(values).join(', ')})`;
}

/** Reads the literal that a query of `readLedgerSql` gave. Throws `ledger-format`. */
export function parseLedger(key: string, literal: string): readonly LedgerRow[] {
  const json = literal.replace(/^'|'$/g, '').replaceAll("''", "'");
  const rows = JSON.parse(json) as readonly (LedgerRow & { readonly format: number })[];
  const newest = Math.max(0, ...rows.map(({ format }) => format));
  if (newest > FORMAT)
    throw new PalindromeError(
      'ledger-format',
      `The ledger ${key} has rows of format ${newest}; this version of palindrome knows ${FORMAT}.`,
      { hint: 'Use the version of palindrome that wrote it, or a newer one.' },
    );
  return rows.map(({ format: _format, ...row }) => row);
}

function text(value: string | null): string {
  return value === null ? 'NULL' : quoteText(value);
}
