/**
 * What `prisma migrate deploy` and `prisma migrate resolve --rolled-back` do to a database, without Prisma: its ledger, its lock, its refusals.
 * Sources: prisma-engines, `schema-engine/commands/src/commands/{apply_migrations,mark_migration_rolled_back}.rs`,
 * `connectors/sql-schema-connector/src/{sql_migration_persistence.rs,flavour/postgres}`. Ids and clocks aside, the rows are Prisma's.
 */
import { randomUUID } from 'node:crypto';
import type { Migration } from '../../harness/core/migration.ts';
import { messageOf } from '../../harness/core/errors.ts';
import type { Session } from './sessions.ts';
import { openSession, rowsOf } from './sessions.ts';

/** Prisma's own number, and how long it waits for it. */
const LOCK = 'SELECT pg_advisory_lock(72707369)';
const LOCK_TIMEOUT_MS = 10_000;

const LEDGER = `CREATE TABLE public._prisma_migrations (
  id VARCHAR(36) PRIMARY KEY, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ, migration_name VARCHAR(255) NOT NULL,
  logs TEXT, rolled_back_at TIMESTAMPTZ, started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

/** An error with Prisma's code. */
export class PrismaError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

interface LedgerRow {
  readonly migration_name: string;
  readonly finished_at: Date | null;
  readonly rolled_back_at: Date | null;
}

export interface DeployOptions {
  /** Called with the deploying session before each migration. */
  readonly onMigration?: (name: string, session: Session) => void;
}

/** Applies what is pending and returns the names, in order. Throws `PrismaError`, or the database's error where a migration fails. */
export async function prismaDeploy(
  url: string,
  migrations: readonly Migration[],
  { onMigration = () => undefined }: DeployOptions = {},
): Promise<readonly string[]> {
  await using session = await openSession(url);
  await takeLock(session);
  const { client } = session;
  await initialize(session, migrations);
  const ledger = await readLedger(url);
  const failed = ledger.find((row) => row.finished_at === null && row.rolled_back_at === null);
  if (failed !== undefined) {
    throw new PrismaError('P3009', `migrate found failed migrations in the target database: ${failed.migration_name}`);
  }
  const done = new Set(ledger.filter((row) => row.rolled_back_at === null).map((row) => row.migration_name));
  const applied: string[] = [];
  for (const { name, up } of migrations.filter((migration) => !done.has(migration.name))) {
    const id = randomUUID();
    await client.query('INSERT INTO public._prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)', [
      id,
      up.sha256,
      name,
    ]);
    onMigration(name, session);
    try {
      await client.query(up.text);
    } catch (error) {
      // Where the connection is gone, so is this: the row stays as it was when the migration began.
      await client
        .query('UPDATE public._prisma_migrations SET logs = $2 WHERE id = $1', [id, messageOf(error)])
        .catch(() => undefined);
      throw error;
    }
    await client.query(
      'UPDATE public._prisma_migrations SET applied_steps_count = applied_steps_count + 1, finished_at = now() WHERE id = $1',
      [id],
    );
    applied.push(name);
  }
  return applied;
}

/** `prisma migrate resolve --rolled-back <name>`: marks failed runs of a migration. Runs no statement on anything but the ledger. */
export async function prismaResolveRolledBack(url: string, name: string): Promise<void> {
  await using session = await openSession(url);
  await takeLock(session);
  const rows = (await readLedger(url)).filter((row) => row.migration_name === name);
  if (rows.length === 0) throw new PrismaError('P3011', `Migration ${name} was never applied to the database.`);
  if (rows.every((row) => row.finished_at !== null)) {
    throw new PrismaError('P3012', `Migration ${name} cannot be rolled back because it is not in a failed state.`);
  }
  await session.client.query(
    `UPDATE public._prisma_migrations SET rolled_back_at = now()
     WHERE migration_name = $1 AND finished_at IS NULL AND rolled_back_at IS NULL`,
    [name],
  );
}

async function takeLock({ client }: Session): Promise<void> {
  await client.query(`SET statement_timeout = ${LOCK_TIMEOUT_MS}`);
  await client.query(LOCK).catch((error: unknown) => {
    throw new PrismaError('P1002', `Timed out trying to acquire a postgres advisory lock: ${messageOf(error)}`);
  });
  await client.query('RESET statement_timeout');
}

/** Makes the ledger on a database that has no tables; one that has some and no ledger is refused. */
async function initialize({ client }: Session, migrations: readonly Migration[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace::regnamespace::text = ANY ($1)`,
    [['financial', 'public', 'tagging', 'trading']],
  );
  if (rows.some(({ name }) => name === '_prisma_migrations')) return;
  if (rows.length > 0) {
    throw new PrismaError('P3005', `The database schema is not empty (${migrations.length} migrations are pending).`);
  }
  await client.query(LEDGER);
}

async function readLedger(url: string): Promise<readonly LedgerRow[]> {
  return rowsOf<LedgerRow>(url, 'SELECT migration_name, finished_at, rolled_back_at FROM public._prisma_migrations');
}
