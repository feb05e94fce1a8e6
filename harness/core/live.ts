/**
 * The port to a database of the user's own, which the runner migrates. Unlike `Database` it was there before and stays:
 * nothing is created, cloned or reset, and what is written beyond the scripts is the ledger.
 */
import type { Catalog } from './catalog.ts';
import type { ExecutionLimits, QueryResult } from './dialect.ts';
import type { Script } from './migration.ts';
import type { ScriptOutcome } from './trace.ts';

/** Where a database is, as it was given. A password is never printed. */
export type LiveTarget =
  | {
      readonly dialect: 'postgres';
      /** A host name, an address, or the folder of a Unix socket. */
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly password: string | undefined;
      readonly database: string;
      /** `prefer`: TLS where the server offers it. `verify`: TLS, with a certificate that this machine trusts. */
      readonly tls: 'disable' | 'prefer' | 'require' | 'verify';
    }
  | {
      readonly dialect: 'sqlite';
      /** Absolute. */
      readonly file: string;
      /** As shown to people. */
      readonly shownAs: string;
    };

export interface LiveOptions {
  /** No session that could write is ever opened: the server (or SQLite) itself refuses writes. */
  readonly readOnly: boolean;
  /** The ledger's table: `palindrome_ledger`, or `schema.table` on PostgreSQL (without a schema: `public`). */
  readonly ledgerTable: string;
  /** SQLite: make the file where there is none. */
  readonly create: boolean;
  /** SQLite: whether scripts run with foreign keys on. */
  readonly foreignKeys: boolean;
  /** SQLite: functions that the application registers. */
  readonly functions: Readonly<Record<string, (...args: unknown[]) => unknown>>;
}

/**
 * `started`: its script began, outside of one transaction with the ledger, and nothing says that it ended. `failed`: it ended with an error
 * after some of it was committed. `reverting`: as `started` (or `failed`), for its down. `retired`: it ran, and its file is gone with the user's consent.
 */
export const LEDGER_STATES = ['started', 'applied', 'failed', 'reverting', 'retired'] as const;
export type LedgerState = (typeof LEDGER_STATES)[number];

/** One migration that ran, or began to. */
export interface LedgerRow {
  /** `Migration.id`; unique in a ledger. */
  readonly version: string;
  /** `Migration.name`. */
  readonly name: string;
  readonly upSha256: string;
  readonly downSha256: string | null;
  readonly state: LedgerState;
  /** Counts up in the order in which migrations ran. */
  readonly position: number;
  /** ISO 8601 in UTC, by the runner's clock. */
  readonly startedAt: string;
  /** The same; null until it is applied. */
  readonly appliedAt: string | null;
  readonly durationMs: number | null;
  /** What it did to the catalog, as `harness/runner/effects.ts` writes it; null: not recorded. */
  readonly effects: string | null;
  /** What people decided about it and what went wrong, a sentence each, oldest first. */
  readonly notes: readonly string[];
}

export type LedgerWrite =
  /** Adds the row, or replaces the one of its version. */
  { readonly kind: 'put'; readonly row: LedgerRow } | { readonly kind: 'remove'; readonly version: string };

export interface LockRequest {
  /** Longest time to wait for another runner, milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Called once, when another runner has the lock. */
  readonly onWait: () => void;
}

export interface LiveScript {
  readonly script: Script;
  readonly limits: ExecutionLimits;
  /** Written in the transaction that the script runs in, before it commits. Only for scripts that run in one (`wrapped`, or `implicit` with one chunk on PostgreSQL). */
  readonly inside: LedgerWrite | null;
  /** Aborting cancels what is running; the outcome is then a failure. */
  readonly signal: AbortSignal;
}

/** How the drop of objects ended; unless it is `dropped`, nothing has changed. */
export type DropOutcome =
  | { readonly status: 'dropped'; readonly statements: readonly string[]; readonly durationMs: number }
  /** `reasons`: a sentence each. */
  | { readonly status: 'refused'; readonly reasons: readonly string[] };

export interface LiveObject {
  readonly kind: string;
  /** As in `CatalogObject.name`. */
  readonly name: string;
  readonly table: string | null;
}

export interface DropRequest {
  /** Everything that is to go, as the catalog names it; parts of tables go with their tables. */
  readonly objects: readonly LiveObject[];
  /** Drop tables though they hold rows. */
  readonly evenWithRows: boolean;
  /** Written in the same transaction. */
  readonly inside: LedgerWrite;
  readonly signal: AbortSignal;
}

/** Where backups of a SQLite database are, and which of them may go. */
export interface BackupPolicy {
  /** Absolute. Made where it is missing. */
  readonly folder: string;
  /** Backups older than this go. */
  readonly retentionDays: number;
  /** More than this many go, the oldest first. */
  readonly maxBackups: number;
}

export interface BackupReport {
  /** Absolute. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly tables: number;
  readonly rows: number;
}

/**
 * An open database of the user's own. Losing the server throws `server-lost` (environment); what SQL does wrong is an outcome.
 * Disposing closes every session and gives the lock back.
 */
export interface LiveDatabase extends AsyncDisposable {
  /** A URL without password, or a file path. */
  readonly address: string;
  readonly engineVersion: string;
  /** Waits until no other runner works on this database and ledger. Throws `lock-timeout` (environment), or `interrupted` when the signal comes first. */
  lock(request: LockRequest): Promise<void>;
  /** Whether the script can commit together with the ledger: it runs in one transaction and has no statement that ends or cannot be in one. */
  canRunInside(script: Script): Promise<boolean>;
  /** Runs a script as its layout's tool would, on a fresh session. */
  execute(request: LiveScript): Promise<ScriptOutcome>;
  /** The structure of the database, without the ledger's. */
  catalog(): Promise<Catalog>;
  /** One query that cannot write. */
  query(sql: string, maxRows: number, limitMs: number): Promise<QueryResult>;
  /** By position; null: there is no ledger. Throws `ledger-format` (usage) where a later version of palindrome wrote it. */
  readLedger(): Promise<readonly LedgerRow[] | null>;
  /** Makes the ledger where there is none. */
  createLedger(): Promise<void>;
  /** All or none. */
  writeLedger(writes: readonly LedgerWrite[]): Promise<void>;
  /** Drops objects in one transaction, dependents first, and proves before it commits that nothing else changed. */
  drop(request: DropRequest): Promise<DropOutcome>;
  /** Copies the database and checks the copy. Null: this dialect's databases are not files. Throws `backup-failed` (environment). */
  backup(folder: string, signal: AbortSignal): Promise<BackupReport | null>;
  /** Removes expired backups, but never the file `keep`. Returns what was removed. */
  expireBackups(policy: BackupPolicy, keep: string): Promise<readonly string[]>;
}

/** Opens a database that exists. Throws `database-unreachable` (environment: it may come yet), `login-refused` or `database-missing` (usage: waiting does not help). */
export type OpenLive = (target: LiveTarget, options: LiveOptions) => Promise<LiveDatabase>;
