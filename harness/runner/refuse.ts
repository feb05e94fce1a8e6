/**
 * What is refused before anything runs, each with what is wrong, where, and the ways out.
 */
import { PalindromeError } from '../core/errors.ts';
import type { LedgerRow } from '../core/live.ts';
import type { Direction } from '../core/migration.ts';
import { sha256 } from '../core/hash.ts';
import { count } from '../core/text.ts';
import type { Change, Standing, StandingEntry } from './standing.ts';

const NOTHING = sha256('');

/**
 * Throws the first of: half a migration, a ledger that names what is in no file, a file that changed after it ran, and for `up` a pending migration
 * before one that ran. For `up` only ups count as changed; `undone` are the migrations that a `down` is about to undo, whose downs count, too.
 */
export function refuseDisagreement(
  standing: Standing,
  direction: Direction,
  accepted: ReadonlySet<string>,
  undone: ReadonlySet<string>,
): void {
  const half = standing.entries.filter(({ state }) => state === 'half');
  const lost = standing.missing.filter(
    ({ state }) => state === 'started' || state === 'failed' || state === 'reverting',
  );
  const halfRows = [...half.flatMap(({ row }) => (row === null ? [] : [row])), ...lost];
  if (halfRows.length > 0) throw halfMigration(halfRows);
  if (standing.missing.length > 0) throw missingMigrations(standing.missing);
  const changed = standing.entries.flatMap(({ migration, changes }) =>
    changes
      .filter((change) => change.direction === 'up' || undone.has(migration.id))
      .map((change) => ({ id: migration.id, name: migration.name, change })),
  );
  if (changed.length > 0) throw changedFiles(changed);
  const late = standing.entries.filter(
    ({ state, migration }) => state === 'out-of-order' && !accepted.has(migration.id),
  );
  if (direction === 'up' && late.length > 0) throw outOfOrder(late, standing);
}

function halfMigration(rows: readonly LedgerRow[]): PalindromeError {
  const [first] = rows;
  const id = first?.version ?? '';
  const lines = rows.map(
    ({ name, state, startedAt, notes }) =>
      `  ${name}: its ${state === 'reverting' ? 'down' : 'up'} began at ${startedAt} and ${state === 'started' ? 'never ended' : 'did not end well'}${notes.length === 0 ? '' : `; ${notes.at(-1)}`}`,
  );
  return new PalindromeError('migration-half', `The database may hold half a migration:\n${lines.join('\n')}`, {
    hint: `If no runner is at work on it now, look at the database. Bring it by hand to where the migration is there as a whole, and say so with \`palindrome up --mark-applied ${id}\`, or to where it is not, and say \`--mark-pending ${id}\`. On SQLite, \`palindrome restore\` brings back the last backup.`,
  });
}

function missingMigrations(rows: readonly LedgerRow[]): PalindromeError {
  const lines = rows.map(
    ({ name, appliedAt, upSha256 }) => `  ${name}, applied at ${appliedAt ?? '?'}, SHA-256 ${upSha256}`,
  );
  return new PalindromeError(
    'migration-missing',
    `The ledger names ${count(rows.length, 'migration')} that ${rows.length === 1 ? 'is' : 'are'} in no file here:\n${lines.join('\n')}`,
    {
      hint: `Bring the files back, or check that this is the right folder for this database. If they are gone for good: \`--accept-missing ${rows.map(({ version }) => version).join(',')}\`; what they did stays in the database.`,
    },
  );
}

function changedFiles(
  changed: readonly { readonly id: string; readonly name: string; readonly change: Change }[],
): PalindromeError {
  const lines = changed.flatMap(({ name, change }) => [
    `  ${change.file ?? `the down of ${name}`}`,
    `    was ${change.recorded} when it ran`,
    `    is  ${describeActual(change.actual)}`,
  ]);
  const ids = [...new Set(changed.map(({ id }) => id))];
  return new PalindromeError(
    'migration-changed',
    `${count(changed.length, 'file')} changed after ${changed.length === 1 ? 'it' : 'they'} ran (SHA-256):\n${lines.join('\n')}`,
    {
      hint: `Bring the old text back, and put the change into a new migration. If the change does not matter: \`--accept-changed ${ids.join(',')}\`, which the ledger records.`,
    },
  );
}

/** Tools read a file that is not there beside its down as an empty one. */
function describeActual(actual: string | null): string {
  if (actual === null) return 'gone';
  return actual === NOTHING ? 'empty, or not there' : actual;
}

function outOfOrder(late: readonly StandingEntry[], standing: Standing): PalindromeError {
  const last = standing.entries.findLast(({ row }) => row !== null)?.migration.name ?? '';
  return new PalindromeError(
    'migration-out-of-order',
    `${count(late.length, 'pending migration')} would run after a later one that already ran (${last}):\n${late.map(({ migration }) => `  ${migration.name}`).join('\n')}`,
    {
      hint: `Give ${late.length === 1 ? 'it a number' : 'them numbers'} behind ${last}. If the order does not matter: \`--accept-out-of-order ${late.map(({ migration }) => migration.id).join(',')}\`, which the ledger records.`,
    },
  );
}
