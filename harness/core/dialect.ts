/**
 * The port that each dialect implements, in same-named files. Campaigns and scenarios know only this.
 */
import type { Cell, Dataset, Row } from './dataset.ts';
import type { LiveDatabase } from './live.ts';
import type { DialectName, Script } from './migration.ts';
import type { Server } from './provider.ts';
import type { QueryPlan } from './evidence.ts';
import type { StopOutcome, StopPlan, StopPoint } from './interruption.ts';
import type { TableFilling } from './population.ts';
import type { PagerConnection } from './pager.ts';
import type { SchemaModel } from './schema.ts';
import type { Snapshot } from './snapshot.ts';
import type { SqlToken } from './sql-token.ts';
import type { SourceData, SourceRequest } from './source-data.ts';
import type { DatabaseSession, RankedColumn, SessionRequest, WriterSession } from './session.ts';
import type { DatabaseFault, ScriptOutcome } from './trace.ts';

/** One SQL statement found in a script by the dialect's parser. */
export interface Statement {
  /** Without the closing semicolon and surrounding blanks and comments. */
  readonly text: string;
  /** Where it starts in the script's text, in UTF-16 code units. */
  readonly offset: number;
  /** The statement's leading keywords, upper-case, as far as they tell what it does: `CREATE TABLE`, `BEGIN`, `COPY`, `UPDATE`. */
  readonly command: string;
  /** The lines after `COPY … FROM stdin`, without the closing `\.`; null for every other statement. */
  readonly copyData: string | null;
}

/** What a set's scripts need from the server they run on. */
export interface Requirements {
  /** Extensions that scripts create. */
  readonly extensions: readonly string[];
  /** Roles that scripts grant to, set, or make owners, and do not create themselves. */
  readonly roles: readonly string[];
}

export interface ExecutionLimits {
  /** Longest time for one statement, milliseconds. */
  readonly statementMs: number;
  /** Longest time for the whole script, milliseconds. */
  readonly scriptMs: number;
}

export interface CaptureRequest {
  /** A table with more rows is captured as count and digest alone. */
  readonly maxRowsPerTable: number;
  readonly projections: readonly { readonly table: string; readonly sql: string }[];
}

/** A row that the database refused. */
export interface Refusal {
  readonly table: string;
  readonly row: Row;
  readonly fault: DatabaseFault;
}

export interface LoadResult {
  /** The rows that are now in the database, in the dataset's form: what a counterexample stores. */
  readonly loaded: Dataset;
  readonly refused: readonly Refusal[];
}

export type QueryResult =
  | {
      readonly status: 'rows';
      readonly columns: readonly string[];
      readonly rows: readonly Row[];
      readonly rowCount: number;
    }
  | { readonly status: 'failed'; readonly fault: DatabaseFault };

export interface ExplainRequest {
  readonly sql: string;
  /** A SQL expression for each placeholder; empty: the values are not known. */
  readonly params: readonly string[];
  readonly limitMs: number;
}

export type ExplainResult =
  | {
      readonly status: 'explained';
      readonly plans: readonly QueryPlan[];
      /** What shows the first plan in the database's own shell. */
      readonly sql: string;
    }
  | { readonly status: 'failed'; readonly fault: DatabaseFault };

/** An index as it is asked for by name. */
export interface IndexState {
  /** As it was asked for. */
  readonly name: string;
  readonly state: 'usable' | 'invalid' | 'missing';
  /** `Table.key` of its table; null where it is missing. */
  readonly table: string | null;
}

/**
 * One throwaway database. Losing the server throws a `PalindromeError` of kind `environment` (code `server-lost`);
 * everything that SQL does wrong is an outcome.
 */
export interface Database extends AsyncDisposable {
  /** How a person reaches it: a URL without password, or a file path. */
  readonly address: string;
  /** Runs a script as its layout's tool would, on a fresh session: no settings, temporary objects or prepared statements of an earlier one. */
  execute(script: Script, limits: ExecutionLimits): Promise<ScriptOutcome>;
  /**
   * The same, in a session of its own that dies at a point of `Dialect.planStops`. After it nothing of that session is left: its locks are
   * released, what it had not committed is undone.
   */
  interrupt(script: Script, limits: ExecutionLimits, point: StopPoint): Promise<StopOutcome>;
  /** Catalog, rows and sequences, read in one consistent look. */
  capture(request: CaptureRequest): Promise<Snapshot>;
  /** The schema for generators. */
  introspect(): Promise<SchemaModel>;
  /**
   * Inserts a dataset with triggers and constraints active. Rows that are refused are left out, together with rows that refer to them.
   * After it, sequences stand above the values of the columns they own.
   */
  load(dataset: Dataset, model: SchemaModel): Promise<LoadResult>;
  /** Runs a query that must not write (enforced where the database can) and returns at most `maxRows` rows as exact text. */
  query(sql: string, maxRows: number, limitMs: number): Promise<QueryResult>;
  /** How the database would answer a statement, without running it. Statistics are as they are. */
  explain(request: ExplainRequest): Promise<ExplainResult>;
  /** What is there under these names, in any schema. */
  findIndexes(names: readonly string[]): Promise<readonly IndexState[]>;
  /**
   * Tries each in turn, with triggers and constraints active, and says what was refused and by what. SQLite asks deferred foreign keys
   * at a commit alone: an attempt that is to be rolled back does not meet them.
   */
  attempt(attempts: readonly Attempt[]): Promise<readonly AttemptResult[]>;
  /**
   * The database as the runner sees one of the user's own, so that a set can go through a ledger. `scripts`: what will be run through it.
   * Dispose it before the database is used otherwise.
   */
  openLive(ledgerTable: string, scripts: readonly Script[]): Promise<LiveDatabase>;
  /** A connection that stays until it is disposed of, or the database is. SQLite: the database must be a file, and keeps a write-ahead log from then on. */
  openSession(request: SessionRequest): Promise<DatabaseSession>;
  /** A writer's connection that stays likewise, for writers that are really at work at once. Null: in this dialect they take turns. */
  openWriter(name: string): Promise<WriterSession | null>;
  /**
   * The place of each key in the order of `columns`, as the database itself orders them: from 0, equal for keys that its order does not tell
   * apart. `table` is a `Table.key`; each of `keys` has a cell for each of `columns`.
   */
  rankKeys(table: string, columns: readonly RankedColumn[], keys: readonly Row[]): Promise<readonly number[]>;
  /**
   * How code of the user's own reaches it through a driver of its own, for as long as the database is open. Throws `pager-fails` for SQLite
   * in memory, which only its own process reaches.
   */
  reach(): Promise<PagerConnection>;
  /**
   * Whether the indexes of these tables (`Table.key`) agree with their rows, and on SQLite whether the whole file is sound: one entry for
   * each disagreement, named by what it is about.
   */
  examine(tables: readonly string[]): Promise<readonly { readonly object: string; readonly message: string }[]>;
  /** Runs one or more statements that prepare data (never migrations); throws the fault's message as `PalindromeError` of kind `usage`. */
  run(sql: string): Promise<void>;
  /** Takes every row out of every table, whatever refers to it and whatever would fire. False where the database refuses that. */
  empty(): Promise<boolean>;
  /**
   * Brings the database back to the template it was cloned from, by the cheapest way that provably ends there.
   * `current` is the last snapshot, null if unknown. Returns false where only a new clone can do it.
   */
  reset(current: Snapshot | null): Promise<boolean>;
}

/** Statements of the harness that belong together: each runs if none before it was refused. */
export interface Attempt {
  readonly statements: readonly string[];
  /** A query about what they left, asked where none was refused; null: none. */
  readonly look: string | null;
  /** What becomes of an attempt that is accepted to its end, deferred constraints included. What is refused leaves nothing. */
  readonly ends: 'rollback' | 'commit';
}

export interface AttemptResult {
  /** Null: accepted. */
  readonly fault: DatabaseFault | null;
  /** What `look` returned, at most a hundred rows; empty where it was not asked. */
  readonly rows: readonly Row[];
}

/** A frozen state from which databases are cloned. */
export interface Template extends AsyncDisposable {
  /** The hash of the migrations behind it. */
  readonly key: string;
}

export interface EngineInfo {
  readonly dialect: DialectName;
  /** `17.10`, `3.53.2`. */
  readonly version: string;
  /** `17`, `3`. */
  readonly major: string;
  /** Provider that serves it. */
  readonly provider: string;
}

/** Databases on one running server, or SQLite files of one run. Disposing drops every database it made. */
export interface Cluster extends AsyncDisposable {
  readonly engine: EngineInfo;
  /** Why `Database.interrupt` cannot crash the server now, a sentence; null: it can, if nothing else uses the server meanwhile. */
  readonly whyNoCrash: string | null;
  /** Makes roles, and says which requirements cannot be met: a sentence each, with the way out. */
  prepare(requirements: Requirements): Promise<readonly string[]>;
  /** A new database: empty, or a clone. */
  create(from?: Template): Promise<Database>;
  /** Turns a database into a template. The database handle is used up by it. */
  freeze(database: Database, key: string): Promise<Template>;
  /** Leaves a database in place when the cluster is disposed. The handle is used up. Returns how a person reaches it; null: it cannot outlive the run. */
  keep(database: Database): Promise<string | null>;
  /** What the harness did on the server that a person should know (roles made, settings applied). */
  notes(): readonly string[];
}

export interface ReproInput {
  readonly title: string;
  /** Scripts that build the schema before the migration, in order. */
  readonly before: readonly Script[];
  readonly dataset: Dataset;
  readonly model: SchemaModel;
  /** The scripts of the scenario, in order, each with a caption, and how it ended where that is known: then what ran, and no more, is shown. */
  readonly steps: readonly {
    readonly caption: string;
    readonly script: Script;
    readonly outcome?: ScriptOutcome | undefined;
    /** The step dies here, after what it ran up to this point. */
    readonly stop?: StopPoint | undefined;
  }[];
  /** Queries that show the failure, each with what a person should see. */
  readonly checks: readonly { readonly caption: string; readonly sql: string }[];
  /** How the cluster was opened; without it foreign keys are on and no functions are registered. */
  readonly options?: Pick<ClusterOptions, 'foreignKeys' | 'functions'> | undefined;
}

export interface Dialect {
  readonly name: DialectName;
  /** Splits a script with the dialect's own grammar. Throws `PalindromeError` code `sql-syntax` with a place. */
  split(script: Pick<Script, 'file' | 'text'>): Promise<readonly Statement[]>;
  /** The tokens of one statement, by the dialect's own rules, with places in it. */
  tokenize(text: string): Promise<readonly SqlToken[]>;
  /** Where a script can be stopped half-way, systematically. Throws as `split` does. */
  planStops(script: Script): Promise<StopPlan>;
  /** What the scripts need from a server. Scripts that do not parse are passed over: executing them will tell. */
  requirements(scripts: readonly Script[]): Promise<Requirements>;
  /** Names of tables that a script's text mentions, as `Table.key`s of `model`; a superset is fine. */
  mentionedTables(script: Script, model: SchemaModel): readonly string[];
  /**
   * Whether SQL may touch what databases of one server share, or the world outside (roles, tablespaces, files, other sessions):
   * then databases in which it runs at once could meet. A superset is fine.
   */
  reachesBeyondDatabase(sql: string): boolean;
  /** Opens the databases of a server that a provider started. */
  openCluster(server: Server, options: ClusterOptions): Promise<Cluster>;
  /** Opens a dump or a database of other people for reading. Throws `PalindromeError` with a `dataset-…` code; no message repeats a value. */
  openSource(request: SourceRequest): Promise<SourceData>;
  /** A script for the database's own shell (`psql`, `sqlite3`) that shows a counterexample. */
  renderRepro(input: ReproInput): string;
  /** One script that puts the planned rows in and leaves out those that the table refuses; triggers rest where the dialect can say so. */
  renderFilling(filling: TableFilling): string;
  /** One statement that brings the planner's statistics of a table (`Table.key`) up to date. */
  renderAnalyze(table: string): string;
  /** Statements that insert a dataset. */
  renderRows(dataset: Dataset, model: SchemaModel): string;
  /** A cell as a constant of its column. */
  renderCell(cell: Cell): string;
  /** Quotes a name where SQL needs it. */
  quoteIdentifier(name: string): string;
}

export interface ClusterOptions {
  /** SQLite: whether scripts run with foreign keys on. */
  readonly foreignKeys: boolean;
  /** SQLite: functions that the application registers. */
  readonly functions: Readonly<Record<string, (...args: unknown[]) => unknown>>;
  /** Leave databases in place when disposed. */
  readonly keep: boolean;
}
