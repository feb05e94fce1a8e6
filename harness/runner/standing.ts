/**
 * Where a database stands: the files beside what the ledger says of them.
 */
import type { LedgerRow } from '../core/live.ts';
import type { Direction, Migration, MigrationSet } from '../core/migration.ts';

/** A file whose checksum is not the one it had when its migration ran. */
export interface Change {
  readonly direction: Direction;
  /** As shown to people; null: the down that there was is gone. */
  readonly file: string | null;
  readonly recorded: string;
  readonly actual: string | null;
}

export interface StandingEntry {
  readonly migration: Migration;
  /** Null: it never ran. */
  readonly row: LedgerRow | null;
  /** `half`: it began, and did not end. `out-of-order`: pending, and a later one ran. */
  readonly state: 'applied' | 'pending' | 'out-of-order' | 'half';
  /** Only where it ran. */
  readonly changes: readonly Change[];
}

export interface Standing {
  readonly hasLedger: boolean;
  /** In the set's order. */
  readonly entries: readonly StandingEntry[];
  /** Rows whose migration is in no file, without those that were retired. */
  readonly missing: readonly LedgerRow[];
  /** All rows, by position. */
  readonly rows: readonly LedgerRow[];
}

/** Compares a set with a ledger; null: there is none. */
export function compareWithLedger(set: MigrationSet, ledger: readonly LedgerRow[] | null): Standing {
  const rows = ledger ?? [];
  const byVersion = new Map(rows.map((row) => [row.version, row]));
  const lastRun = set.migrations.findLastIndex(({ id }) => byVersion.has(id));
  const known = new Set(set.migrations.map(({ id }) => id));
  return {
    hasLedger: ledger !== null,
    entries: set.migrations.map((migration, at) => {
      const row = byVersion.get(migration.id) ?? null;
      return {
        migration,
        row,
        state: stateOf(row, at < lastRun),
        changes: row === null ? [] : changesOf(migration, row),
      };
    }),
    missing: rows.filter(({ version, state }) => !known.has(version) && state !== 'retired'),
    rows,
  };
}

function stateOf(row: LedgerRow | null, hasLater: boolean): StandingEntry['state'] {
  if (row === null) return hasLater ? 'out-of-order' : 'pending';
  return row.state === 'applied' || row.state === 'retired' ? 'applied' : 'half';
}

function changesOf({ up, down }: Migration, row: LedgerRow): readonly Change[] {
  const changes: Change[] = [];
  if (up.sha256 !== row.upSha256)
    changes.push({ direction: 'up', file: up.file, recorded: row.upSha256, actual: up.sha256 });
  const isOneFile = down !== null && down.file === up.file;
  if (!isOneFile && row.downSha256 !== null && down?.sha256 !== row.downSha256)
    changes.push({
      direction: 'down',
      file: down?.file ?? null,
      recorded: row.downSha256,
      actual: down?.sha256 ?? null,
    });
  return changes;
}

/** The row of a migration that ran (or is about to), with the files as they are now. */
export function rowOf(migration: Migration, position: number, startedAt: Date): LedgerRow {
  return {
    version: migration.id,
    name: migration.name,
    upSha256: migration.up.sha256,
    downSha256: migration.down?.sha256 ?? null,
    state: 'applied',
    position,
    startedAt: startedAt.toISOString(),
    appliedAt: startedAt.toISOString(),
    durationMs: null,
    effects: null,
    notes: [],
  };
}

/** The next free position of a ledger. */
export function nextPosition(rows: readonly LedgerRow[]): number {
  return Math.max(0, ...rows.map(({ position }) => position)) + 1;
}
