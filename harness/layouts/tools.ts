/**
 * What each layout's tool remembers of a script, so that a crash half-way can be followed by what that tool would do.
 * Sources are in docs/layouts.md. Locks of a tool belong to its session (PostgreSQL) or its process (SQLite) and die with it.
 */
import type { LedgerTiming, ToolModel } from '../core/tool.ts';

/** Nobody remembers: a person runs the file again. */
export const PLAIN: ToolModel = {
  name: 'a person with the shell',
  ledger: same('none'),
  runsDowns: true,
  refusal: null,
};

/** `migrate.go`, `runMigrations`: the target version is set dirty, the body runs, the version is set clean; three transactions. */
export const GOLANG_MIGRATE: ToolModel = {
  name: 'golang-migrate',
  ledger: same('around-script'),
  runsDowns: true,
  refusal: {
    says: 'Dirty database version. Fix and force version.',
    thenUp: 'migrate force <the version before>, then migrate up 1',
    thenDown: 'migrate force <this version>, then migrate down 1',
  },
};

/** A row without `finished_at` is inserted first. `down.sql` is run by hand and not recorded. */
export const PRISMA: ToolModel = {
  name: 'Prisma',
  ledger: same('around-script'),
  runsDowns: false,
  refusal: {
    says: 'P3009: migrate found failed migrations in the target database',
    thenUp: 'prisma migrate resolve --rolled-back <name>, then prisma migrate deploy',
    thenDown: 'prisma db execute --file down.sql',
  },
};

/** `run_in_transaction` puts the row of `__diesel_schema_migrations` into the same transaction. */
export const DIESEL: ToolModel = recordsWithTheScript('diesel');
/** `migration_sql.go`: the version is inserted before the commit; with NO TRANSACTION after the last statement. */
export const GOOSE: ToolModel = recordsWithTheScript('goose');
/** `db.go`: `InsertMigration` runs on the script's own transaction, or on the connection with `transaction:false`. */
export const DBMATE: ToolModel = recordsWithTheScript('dbmate');
/** `dialect.ts`: one transaction around all pending migrations and their rows. */
export const DRIZZLE: ToolModel = recordsWithTheScript('drizzle');
/** `migrate.go`: the record is inserted by the script's executor: its transaction, or the connection with `notransaction`. */
export const SQL_MIGRATE: ToolModel = recordsWithTheScript('sql-migrate');

function recordsWithTheScript(name: string): ToolModel {
  return { name, ledger: { wrapped: 'with-script', other: 'after-script' }, runsDowns: true, refusal: null };
}

function same(timing: LedgerTiming): ToolModel['ledger'] {
  return { wrapped: timing, other: timing };
}
