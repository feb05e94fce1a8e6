/**
 * The configuration as a person writes it: `palindrome.config.{ts,js,json}`.
 * Every key is optional. Each flag but `--config` and `--debug` has a key here; a flag wins over the key, the key over the default.
 */
import type { Arbitrary } from 'fast-check';
import type { DatasetConfig } from '../../generators/datasets/dataset-generator.ts';
import type { InvariantCheck } from '../core/invariant.ts';
import type { MaskConfig } from '../core/mask-rule.ts';
import type { DialectName, LayoutName } from '../core/migration.ts';
import type { PropertyId } from '../core/property.ts';
import type { PagerConfig } from './pager-config.ts';

/** What `provider` may be; `auto` prefers a container engine that answers and falls back to embedded binaries. */
export const PROVIDER_CHOICES = ['auto', 'container', 'embedded', 'server'] as const;
export type ProviderChoice = (typeof PROVIDER_CHOICES)[number];

/** A law: SQL, or a function over a read-only connection, that returns the rows that break it. Nothing returned: it holds. */
export type InvariantConfig = {
  readonly id: string;
  /** First migration (id or name) after which it must hold; without it: the first of the set. */
  readonly from?: string | undefined;
  /** Last migration (id or name) after which it must hold; without it: the last of the set. */
  readonly until?: string | undefined;
} & (
  | { readonly sql: string; readonly check?: undefined }
  /** Only in a TypeScript or JavaScript configuration. */
  | { readonly sql?: undefined; readonly check: InvariantCheck }
);

/** What a migration must leave as it is: row counts, exact sums, sums by group. */
export interface ConserveConfig {
  readonly id: string;
  /** First migration (id or name) that it is judged across; without it: the first of the set. */
  readonly from?: string | undefined;
  /** Last migration (id or name) that it is judged across; without it: the last of the set. */
  readonly until?: string | undefined;
  /** Its rows before the migration are its rows at every later moment, as text, in any order. */
  readonly sql: string;
  /** What gives the same rows in the schema after the migration; without it: the same query. */
  readonly after?: string | undefined;
}

/** SQL that makes generated rows legal where the schema alone cannot say how; runs after each load. */
export interface PrepareConfig {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly sql: string;
}

/** A query of the application whose plan is to use an index on filled tables. */
export interface QueryConfig {
  readonly id: string;
  /** First migration (id or name) after which it is asked; without it: the first of the set. */
  readonly from?: string | undefined;
  /** Last migration (id or name) after which it is asked; without it: the last of the set. */
  readonly until?: string | undefined;
  /** One statement, with the placeholders of the dialect (`$1`; `?`, `:name`). */
  readonly sql: string;
  /** For each placeholder a SQL expression, whose value is taken from the filled tables. */
  readonly params?: readonly string[] | undefined;
  /** The index that the plan must use, or several of which any one will do. */
  readonly index: string | readonly string[];
  /** How many times the estimated cost before the migration it may have after it. PostgreSQL only. */
  readonly maxCostRatio?: number | undefined;
}

/** The file that declares the schema, relative to the configuration: exactly one of SQL that builds it, a Drizzle schema, a Prisma schema. */
export interface ModelConfig {
  readonly sql?: string | undefined;
  readonly drizzle?: string | undefined;
  readonly prisma?: string | undefined;
}

/** Differences between the database and the declared model that are meant. */
export interface ParityConfig {
  readonly except?: readonly { readonly object: string; readonly reason: string }[] | undefined;
}

/** What the author of one migration declares about it. */
export interface DeclareConfig {
  /** Values of `column` (`table.column`, or `table.*`) may be lost in rows for which `where` holds before the migration. */
  readonly lossy?:
    | readonly { readonly column: string; readonly where?: string | undefined; readonly reason: string }[]
    | undefined;
  /** The down must refuse, and change nothing. */
  readonly irreversible?: { readonly reason: string } | undefined;
  /** Queries that return the rows for which the up may refuse to run. */
  readonly preconditions?: readonly { readonly sql: string; readonly reason: string }[] | undefined;
  /** After the up, `column` holds what the SQL expression `as` gave on the row before it. */
  readonly maps?:
    | readonly { readonly column: string; readonly as: string; readonly reason?: string | undefined }[]
    | undefined;
  /** Tables (or `*`) in which the up may add or remove rows. */
  readonly rowChanges?: readonly { readonly table: string; readonly reason: string }[] | undefined;
  readonly claims?: readonly 'idempotent'[] | undefined;
  /** What a second run must do; without it the layout decides. */
  readonly rerun?: 'refuse' | 'idempotent' | undefined;
  /** Properties not judged for this migration; reported as inapplicable with the reason. */
  readonly ignore?: readonly { readonly property: PropertyId; readonly reason: string }[] | undefined;
}

/** Migrations, properties or both that are not judged. Migrations that are ignored still run. */
export interface IgnoreConfig {
  /** Glob over migration names; without it: every migration. */
  readonly migrations?: string | undefined;
  /** Without it: every property. */
  readonly property?: PropertyId | undefined;
  readonly reason: string;
}

/** A failure that is known and does not fail the build until a day. It is reported as waived, with its reason, in every run. */
export interface WaiverConfig {
  /** Its id or name. For `chain-unwinds` any migration of the set. */
  readonly migration: string;
  readonly property: PropertyId;
  /** Without it: every clause. */
  readonly clause?: string | undefined;
  /** The failing object as reports name it; without it: every object. */
  readonly object?: string | undefined;
  readonly reason: string;
  /** The last day on which it counts, `YYYY-MM-DD`, in UTC. */
  readonly expires: string;
  /** Who may renew it. */
  readonly owner?: string | undefined;
}

export interface SqliteConfig {
  /** Whether scripts run with foreign keys on; without it the layout's tool decides. */
  readonly foreignKeys?: boolean | undefined;
  /** SQL functions that the application registers, by name. Only in a TypeScript or JavaScript configuration. */
  readonly functions?: Readonly<Record<string, (...args: unknown[]) => unknown>> | undefined;
}

/** How `up`, `down`, `status` and `restore` treat a database of your own. Which database it is never stands in a file. */
export interface RunnerConfig {
  /** The ledger's table; on PostgreSQL also `schema.table`. */
  readonly ledger?: string | undefined;
  /** Ask before a database beyond this machine is changed, or before any. */
  readonly confirm?: 'remote' | 'always' | undefined;
  /** How long to wait for another runner, milliseconds. */
  readonly lockTimeoutMs?: number | undefined;
  /** For `--wait`: how often to try, and how long to wait in between. */
  readonly wait?: { readonly tries?: number | undefined; readonly delayMs?: number | undefined } | undefined;
  /** SQLite: backups before the database is changed. */
  readonly backup?:
    | {
        /** Relative to this file; without it `backups` beside the database. */
        readonly directory?: string | undefined;
        readonly retentionDays?: number | undefined;
        readonly maxBackups?: number | undefined;
      }
    | undefined;
}

/** Other people's data to start from, and how it is masked. */
export interface AnonymiseConfig extends MaskConfig {
  /** A dump or a database, relative to this file, or a URL. Better given as `PALINDROME_DATASET` if it holds a password. */
  readonly dataset?: string | undefined;
  /** The last migration (id or name) that had run on the data; without it schemas are compared. */
  readonly at?: string | undefined;
  /** Rows of a table beyond which only a part is taken. */
  readonly rows?: number | undefined;
}

export interface UserConfig {
  /** The folder of migrations, relative to this file. */
  readonly migrations?: string | undefined;
  readonly dialect?: DialectName | undefined;
  readonly layout?: LayoutName | undefined;
  /** PostgreSQL major versions, as text; the set is verified once on each. */
  readonly postgres?: readonly string[] | undefined;
  readonly provider?: ProviderChoice | undefined;
  readonly image?: string | undefined;
  /** Of a PostgreSQL server on which databases may be created. Better given as `PALINDROME_SERVER_URL` if it holds a password. */
  readonly serverUrl?: string | undefined;
  readonly allowRemote?: boolean | undefined;
  /** Cases for each migration. */
  readonly cases?: number | undefined;
  /** Most cases that run at once. */
  readonly workers?: number | undefined;
  /** 32-bit integer; without it each run draws one and prints it. */
  readonly seed?: number | undefined;
  readonly timeouts?: { readonly statementMs?: number | undefined; readonly scriptMs?: number | undefined } | undefined;
  /** Glob over migration names: only these are judged. */
  readonly only?: string | undefined;
  /** Only these properties are judged. */
  readonly property?: readonly PropertyId[] | undefined;
  /** `FORMAT` or `FORMAT=FILE`. */
  readonly report?: readonly string[] | undefined;
  readonly keep?: boolean | undefined;
  /** The folder of the store, relative to this file, or a postgres:// URL. A URL with a password is better given as `PALINDROME_STORE`. */
  readonly store?: string | undefined;
  readonly color?: boolean | undefined;
  readonly invariants?: readonly InvariantConfig[] | undefined;
  readonly conserve?: readonly ConserveConfig[] | undefined;
  readonly prepare?: readonly PrepareConfig[] | undefined;
  readonly queries?: readonly QueryConfig[] | undefined;
  readonly pagers?: readonly PagerConfig[] | undefined;
  readonly model?: ModelConfig | undefined;
  readonly parity?: ParityConfig | undefined;
  /** `table.column` to the fast-check arbitrary that makes its values. Only in a TypeScript or JavaScript configuration. */
  readonly generators?: Readonly<Record<string, Arbitrary<unknown>>> | undefined;
  /** Generators of rows that only make sense together. Only in a TypeScript or JavaScript configuration. */
  readonly datasets?: readonly DatasetConfig[] | undefined;
  readonly anonymise?: AnonymiseConfig | undefined;
  /** By migration name or id. */
  readonly declare?: Readonly<Record<string, DeclareConfig>> | undefined;
  readonly ignore?: readonly IgnoreConfig[] | undefined;
  readonly waivers?: readonly WaiverConfig[] | undefined;
  /** The file of known failures, relative to this file; without it `palindrome.baseline.json` beside this file, if it is there. */
  readonly baseline?: string | undefined;
  readonly sqlite?: SqliteConfig | undefined;
  readonly runner?: RunnerConfig | undefined;
}

/** Returns its argument; exists so that an editor completes and checks the keys of a configuration. */
export function defineConfig(config: UserConfig): UserConfig {
  return config;
}
