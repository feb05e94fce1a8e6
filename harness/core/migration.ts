/**
 * A set of migrations as read from disk: what each script says, and how its tool would execute it.
 */
import type { Declarations } from './declarations.ts';
import type { ToolModel } from './tool.ts';

export type DialectName = 'postgres' | 'sqlite';

export const LAYOUT_NAMES = [
  'plain',
  'golang-migrate',
  'diesel',
  'prisma',
  'goose',
  'dbmate',
  'drizzle',
  'sql-migrate',
] as const;
export type LayoutName = (typeof LAYOUT_NAMES)[number];

export type Direction = 'up' | 'down';

/** A piece of a script that the layout's tool sends to the server in one call. */
export interface Chunk {
  readonly text: string;
  /** Where the chunk starts in `Script.text`, in UTF-16 code units. */
  readonly offset: number;
}

/**
 * How a script is sent:
 * - `autocommit`: statement by statement, each committing alone; the script's own BEGIN and COMMIT are honoured (`psql -f` with stop-on-error).
 * - `implicit`: each chunk as one multi-statement simple query (PostgreSQL: one implicit transaction a chunk).
 * - `wrapped`: BEGIN, every chunk, COMMIT; ROLLBACK at the first error.
 */
export type TransactionMode = 'autocommit' | 'implicit' | 'wrapped';

/** The SQL of one direction of one migration. */
export interface Script {
  /** Path as shown to people: relative to where the command ran, with forward slashes. */
  readonly file: string;
  /** The whole file, decoded, without a byte-order mark. Line ends as they are. */
  readonly text: string;
  /** SHA-256 of the file's bytes, hex. Two scripts in one file (goose, dbmate) share it. */
  readonly sha256: string;
  readonly transaction: TransactionMode;
  readonly chunks: readonly Chunk[];
}

export interface Migration {
  /** The number or version prefix, as written (`0002`). Unique in its set. */
  readonly id: string;
  /** The whole file or folder name without extension (`0002_add_tax_lots`). Unique in its set. */
  readonly name: string;
  readonly up: Script;
  /** `null` where the layout has no down or this migration lacks one. */
  readonly down: Script | null;
  /** Declarations from the migration's own `-- palindrome:` comments. The configuration's are merged over them. */
  readonly declarations: Declarations;
}

export interface MigrationSet {
  /** A short name: the last telling part of the folder's path. */
  readonly name: string;
  /** The folder, relative to where the command ran, with forward slashes. */
  readonly path: string;
  readonly layout: LayoutName;
  readonly dialect: DialectName;
  /** In the order in which the layout's tool applies them. */
  readonly migrations: readonly Migration[];
  /** Whether the layout's tool records what it ran, so that a second run is skipped by it. */
  readonly keepsLedger: boolean;
  /** What the layout's tool does after it died inside a script. */
  readonly tool: ToolModel;
  /** Whether the layout's tool runs SQLite scripts with `foreign_keys` on. */
  readonly sqliteForeignKeys: boolean;
  /** Things a person should know that are not errors: a gap in the numbers, a file that was ignored, a down that is empty. */
  readonly notes: readonly string[];
}
