/**
 * What a person decided, as writes to the ledger.
 */
import { PalindromeError } from '../core/errors.ts';
import type { LedgerRow, LedgerWrite } from '../core/live.ts';
import type { MigrationSet } from '../core/migration.ts';
import type { Decisions } from './types.ts';
import { compareWithLedger, nextPosition, rowOf } from './standing.ts';

/** The ledger as it is after the decisions, and the writes that make it so. */
export interface Decided {
  readonly ledger: readonly LedgerRow[] | null;
  readonly writes: readonly LedgerWrite[];
  /** Ids of migrations that may run out of order. */
  readonly outOfOrder: ReadonlySet<string>;
  /** What each decision did, a sentence each. */
  readonly notes: readonly string[];
}

/** Applies decisions to a ledger in memory. Throws `decision-unknown` for one that names nothing it could be about. */
export function decide(
  set: MigrationSet,
  ledger: readonly LedgerRow[] | null,
  decisions: Decisions,
  now: Date,
): Decided {
  let rows = ledger === null ? null : [...ledger];
  const writes: LedgerWrite[] = [];
  const notes: string[] = [];
  const put = (row: LedgerRow, note: string) => {
    const noted = { ...row, notes: [...row.notes, `${now.toISOString()} ${note}`] };
    rows = [...(rows ?? []).filter(({ version }) => version !== row.version), noted];
    writes.push({ kind: 'put', row: noted });
    notes.push(`${row.name}: ${note}`);
  };
  const migrationOf = (given: string) => set.migrations.find(({ id, name }) => id === given || name === given);
  const rowFor = (given: string) => (rows ?? []).find(({ version, name }) => version === given || name === given);

  for (const given of decisions.markApplied) {
    const migration =
      migrationOf(given) ?? unknown('--mark-applied', given, 'no migration of that id is in the folder');
    const row = rowFor(migration.id);
    if (row?.state === 'applied') unknown('--mark-applied', given, 'it is applied already');
    const position = row?.position ?? nextPosition(rows ?? []);
    put({ ...rowOf(migration, position, now), notes: row?.notes ?? [] }, 'marked as applied by hand');
  }
  for (const given of decisions.markPending) {
    const row = rowFor(given) ?? unknown('--mark-pending', given, 'the ledger does not name it');
    rows = (rows ?? []).filter(({ version }) => version !== row.version);
    writes.push({ kind: 'remove', version: row.version });
    notes.push(`${row.name}: marked as pending by hand`);
  }
  for (const given of decisions.acceptChanged) {
    const migration =
      migrationOf(given) ?? unknown('--accept-changed', given, 'no migration of that id is in the folder');
    const entry = compareWithLedger(set, rows).entries.find((each) => each.migration === migration);
    const row = entry?.row ?? unknown('--accept-changed', given, 'it has not run');
    if (entry === undefined || entry.changes.length === 0)
      unknown('--accept-changed', given, 'its files are as they were when it ran');
    const was = (entry?.changes ?? []).map(({ direction, recorded }) => `${direction} was ${recorded}`).join(', ');
    put(
      { ...row, upSha256: migration.up.sha256, downSha256: migration.down?.sha256 ?? null },
      `accepted changed files: ${was}`,
    );
  }
  for (const given of decisions.acceptMissing) {
    const row = rowFor(given) ?? unknown('--accept-missing', given, 'the ledger does not name it');
    if (migrationOf(row.version) !== undefined) unknown('--accept-missing', given, 'its file is here');
    put({ ...row, state: 'retired' }, 'accepted that its file is gone');
  }
  const outOfOrder = new Set(
    decisions.acceptOutOfOrder.map(
      (given) =>
        (migrationOf(given) ?? unknown('--accept-out-of-order', given, 'no migration of that id is in the folder')).id,
    ),
  );
  return { ledger: rows?.toSorted((a, b) => a.position - b.position) ?? null, writes, outOfOrder, notes };
}

function unknown(flag: string, given: string, why: string): never {
  throw new PalindromeError('decision-unknown', `${flag} ${given}: ${why}.`, {
    hint: '`palindrome status --database …` lists what there is.',
  });
}
