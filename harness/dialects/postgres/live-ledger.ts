/**
 * The ledger's SQL, for PostgreSQL.
 */
import { PalindromeError } from '../../core/errors.ts';
import { LEDGER_STATES } from '../../core/live.ts';
import type { LedgerRow, LedgerWrite } from '../../core/live.ts';
import { quoteLiteral, quoteQualified } from './quote.ts';

/** The format of the rows that this version writes, and the newest that it reads. */
const FORMAT = 1;

/** The ledger's table, quoted. Throws `ledger-name` for what is no `table` or `schema.table` in plain letters. */
export function ledgerKey(table: string): string {
  const [, schema = 'public', name] = /^(?:([a-z_][a-z0-9_]*)\.)?([a-z_][a-z0-9_]*)$/.exec(table) ?? [];
  if (name === undefined)
    throw new PalindromeError('ledger-name', `A ledger cannot be called "${table}".`, {
      hint: 'Give table or schema.table, in lower-case letters, digits and underscores.',
    });
  return quoteQualified(schema, name);
}

/** Makes the table where there is none. */
export function createLedgerSql(key: string): string {
  return `CREATE TABLE IF NOT EXISTS ${key} (
  version text PRIMARY KEY,
  name text NOT NULL,
  up_sha256 text NOT NULL,
  down_sha256 text,
  state text NOT NULL CHECK (state IN (${LEDGER_STATES.map(quoteLiteral).join(', ')})),
  position integer NOT NULL,
  started_at timestamptz NOT NULL,
  applied_at timestamptz,
  duration_ms bigint,
  effects text,
  notes text NOT NULL DEFAULT '[]',
  format integer NOT NULL DEFAULT ${FORMAT}
);
COMMENT ON TABLE ${key} IS 'The migrations that palindrome has run here; see docs/runner.md.'`;
}

/** All rows as one JSON text. */
export function readLedgerSql(key: string): string {
  return `SELECT coalesce(json_agg(json_build_object('version', version, 'name', name, 'upSha256', up_sha256, 'downSha256', down_sha256,
    'state', state, 'position', position, 'startedAt', ${utc('started_at')}, 'appliedAt', ${utc('applied_at')},
    'durationMs', duration_ms, 'effects', effects, 'notes', notes::json, 'format', format) ORDER BY position), '[]')
  FROM ${key}`;
}

/** One write as SQL that means the same whatever the session's settings are. */
export function ledgerWriteSql(key: string, write: LedgerWrite): string {
  if (write.kind === 'remove') return `DELETE FROM ${key} WHERE version = ${quoteLiteral(write.version)}`;
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
  const names = Object.keys(values);
  return `INSERT INTO ${key} (${names.join(', ')}) VALUES (${Object.values(values).join(', ')})
    ON CONFLICT (version) DO UPDATE SET ${names.map((name) => `${name} = excluded.${name}`).join(', ')}`;
}

/** As `ledgerWriteSql`, at the end of a script's transaction: whatever role the script took on, its own user writes. */
export function ledgerWriteInsideSql(key: string, write: LedgerWrite): string {
  return `SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL ROLE NONE; ${ledgerWriteSql(key, write)}`;
}

/** Reads what `readLedgerSql` gave. Throws `ledger-format`. */
export function parseLedger(key: string, json: string): readonly LedgerRow[] {
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
  return value === null ? 'NULL' : quoteLiteral(value);
}

function utc(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
