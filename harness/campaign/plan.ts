/**
 * What a campaign is asked to do, complete and validated: no defaults are filled in below this line.
 */
import type { KnownFailures } from '../core/acceptance.ts';
import type { DatasetSource } from '../core/case.ts';
import type { Dataset } from '../core/dataset.ts';
import type { Counterexample } from '../core/counterexample.ts';
import type { Cluster, ClusterOptions, Dialect, Refusal } from '../core/dialect.ts';
import type { CampaignEvent } from '../core/events.ts';
import type { InvariantCheck } from '../core/invariant.ts';
import type { MigrationSet } from '../core/migration.ts';
import type { Pager } from '../core/pager.ts';
import type { ModelSource, ParityException } from '../core/parity.ts';
import type { Property, PropertyId } from '../core/property.ts';
import type { Report, ReportDataset } from '../core/report.ts';
import type { SchemaModel } from '../core/schema.ts';
import type { Shard } from '../core/shard.ts';
import type { SourceData } from '../core/source-data.ts';
import type { Trace } from '../core/trace.ts';
import type { CounterexampleStore } from '../store/store.ts';
import type { CoverageTally } from './coverage.ts';
import type { Since } from './since.ts';
import type { WarmSet } from './warm.ts';

/** A law that the user states as SQL returning the rows that break it, or as a function that does. */
export interface Invariant {
  readonly id: string;
  /** First migration (id) after which it must hold; null: the first of the set. */
  readonly from: string | null;
  /** Last migration (id) after which it must hold; null: no end. */
  readonly until: string | null;
  /** A query, or a function over a read-only connection. */
  readonly ask: string | InvariantCheck;
}

/** A query whose rows a migration must leave as they are: before it, after it, and after every later step. */
export interface Conservation {
  readonly id: string;
  /** First migration (id) that it is judged across; null: the first of the set. */
  readonly from: string | null;
  /** Last migration (id) that it is judged across; null: the last of the set. */
  readonly until: string | null;
  readonly sql: string;
  /** What gives the same rows in the schema after the migration. */
  readonly after: string;
}

/** SQL that makes loaded data legal where the schema alone cannot say so; runs after each load. */
export interface Preparation {
  readonly from: string | null;
  readonly until: string | null;
  readonly sql: string;
}

/** A query of the application whose plan is to use an index on populated tables. */
export interface DeclaredQuery {
  readonly id: string;
  /** First migration (id) after which it is asked; null: the first of the set. */
  readonly from: string | null;
  readonly until: string | null;
  readonly sql: string;
  /** A SQL expression for each placeholder; empty: their values are not known. */
  readonly params: readonly string[];
  /** Any one of them will do. */
  readonly indexes: readonly string[];
  /** Of the estimated cost after a migration to that before it; null: any. */
  readonly maxCostRatio: number | null;
}

/** Where a set's declared model comes from. */
export interface PlannedModel {
  readonly source: ModelSource;
  /** As shown to people. */
  readonly file: string;
  /** The SQL that builds it in an empty database. Throws `PalindromeError` where the file or its tool is not there, or the tool refuses it. */
  read(): Promise<string>;
}

/** One set with everything needed to judge it. Declarations are already merged into its migrations. */
export interface PlannedSet {
  readonly set: MigrationSet;
  readonly dialect: Dialect;
  readonly source: DatasetSource;
  readonly invariants: readonly Invariant[];
  readonly conservations: readonly Conservation[];
  readonly preparations: readonly Preparation[];
  readonly queries: readonly DeclaredQuery[];
  readonly pagers: readonly Pager[];
  /** The schema that should be there after the last migration; null: none is declared. */
  readonly model: PlannedModel | null;
  readonly parityExceptions: readonly ParityException[];
  /** Failures that were there before; null: there is no baseline. */
  readonly baseline: KnownFailures | null;
  readonly cases: number;
  /** Most cases that run at once; from 1. Verdicts do not depend on it. */
  readonly workers: number;
  readonly limits: { readonly statementMs: number; readonly scriptMs: number };
  /** How scripts' sessions are set up on SQLite, for scripts that show a failure in its own shell. */
  readonly session: Pick<ClusterOptions, 'foreignKeys' | 'functions'>;
  /** Opens the databases for this set; the campaign disposes the cluster. */
  openCluster(): Promise<Cluster>;
  /** Why this provider: one line for people. */
  readonly providerReason: string;
  /** Other people's data to start from; null: generated rows alone. */
  readonly starting: StartingData | null;
  /** What an earlier round over this set left ready; absent: every state is built, and everything is judged. */
  readonly warm?: WarmSet;
}

/** A dump or a database that is masked and used as a case. */
export interface StartingData {
  /** For people; without user and password. */
  readonly shownAs: string;
  /** The last migration (id or name) that had run on the data; null: found out by comparing schemas. */
  readonly after: string | null;
  readonly hasSalt: boolean;
  open(cluster: Cluster): Promise<SourceData>;
  /** What is wrong with the rules for this schema: a sentence each. */
  findRuleIssues(model: SchemaModel): Promise<readonly string[]>;
  /** Takes a part that is whole in itself and masks it. `seeded`: rows that migrations put. `words`: what scripts name. */
  mask(source: SourceData, seeded: Dataset, words: readonly string[]): Promise<MaskedData>;
}

/** Masked rows, with how they came about. */
export interface MaskedData {
  readonly dataset: Dataset;
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly taken: number }[];
  readonly columns: ReportDataset['columns'];
  readonly dropped: ReportDataset['leftOut'];
}

/** The one database of a run that is left up. */
export interface KeptDatabase {
  /** How a person reaches it; null until there is one. */
  address: string | null;
}

/** Examples for a migration in one scenario (`standard`, `chain:<applied>`, or a scenario of its own), as they are stored. */
export type Corpus = (set: MigrationSet, migration: string, scenario: string) => readonly Counterexample[];

/** Records by name, kept from one judgement of a migration to the next. */
export interface Memory {
  /** The record of that name; made where there is none yet. A name stands for records of one type. */
  recall<Kept extends object>(name: string, make: () => Kept): Kept;
}

/** Whose case one is. */
export interface Turn {
  /** As it was asked for. */
  readonly seed: number;
  /** Among the cases of its seed, from 0. */
  readonly index: number;
}

/** Several seeds that take turns: each has as many cases as it would have alone, and the same ones. */
export interface Turns {
  /** At least one. */
  readonly seeds: readonly number[];
  /** Asked before each case of a scenario (`standard`, `chain`, `ledger`, or the id of one of its own): whether it is left out. */
  isOut(turn: Turn, scenario: string): boolean;
}

/** Failures whose reduction waits until everything had its first look. */
interface Unreduced {
  readonly isFirstLook: boolean;
  /** By id, as they are stored meanwhile. */
  readonly examples: Map<string, Counterexample>;
}

/** What a case showed. */
export interface SeenCase {
  readonly loaded: Dataset;
  readonly refused: readonly Refusal[];
  readonly traces: readonly Trace[];
}

export interface CampaignPlan {
  readonly verb: string;
  readonly sets: readonly PlannedSet[];
  readonly properties: readonly Property[];
  /** 32-bit integer. */
  readonly seed: number;
  /** Glob over migration names; null: all. Migrations that do not match still run, to build the schema. */
  readonly only: string | null;
  /** The slice that this run judges; null: everything. */
  readonly shard: Shard | null;
  /** What is judged because of a change; absent: everything. */
  readonly since?: Since;
  /** Property ids; null: all. */
  readonly propertyIds: readonly PropertyId[] | null;
  /** Set while the process was asked to stop: finish the case and report. */
  readonly signal: AbortSignal;
  /** Where the database of the first failure is to be left up and noted; null: nothing is kept. */
  readonly kept: KeptDatabase | null;
  /**
   * What is done with a confirmed failure. `explain`: it is reduced, explained and stored. `reduce`: not explained. `name`: neither reduced
   * nor stored, the report names it with the rows as they came.
   */
  readonly effort: 'name' | 'reduce' | 'explain';
  /** Seeds that share the campaign. Absent: `seed` has it for itself. */
  readonly turns?: Turns;
  /** What is stored as it was found and reduced in a later visit; absent: each failure is reduced when it is found. */
  readonly unreduced?: Unreduced;
  readonly store: CounterexampleStore;
  readonly toolVersion: string;
  /** Stop judging a migration at its first confirmed failure that nothing accepts, without running that one a third time. Absent: go on. */
  readonly untilFalsified?: boolean;
  /** Stored cases that run before generated ones. Absent: none. */
  readonly corpus?: Corpus;
  /** What judging goes on from, and leaves: the same again for each visit to the same migration. Absent: every judgement starts anew. */
  readonly memory?: Memory;
  /** `object`: each object and shape of a difference is a failure of its own. Absent: each clause is one. */
  readonly grain?: 'object';
  /** Asked between cases: no further case is begun. What is being confirmed or reduced goes on. */
  isOver?(): boolean;
  /** Told of every case that ran, in order. */
  onCase?(seen: SeenCase): void;
  /** Told before each scenario of its own is judged. */
  onScenario?(): void;
  /** Counts what the data of each case came by. Absent: nobody asks. */
  readonly coverage?: CoverageTally;
  /** Told of a failure that was seen twice, before it is reduced: the example holds the rows as they came. */
  onSuspect?(example: Counterexample): Promise<void>;
  /** Has the last word on a report before it is told. Absent: it is told as it is. */
  conclude?(report: Report): Promise<Report>;
  emit(event: CampaignEvent): void;
}

/** Whether a property is judged in this run. */
export function isAsked(
  { propertyIds }: Pick<CampaignPlan, 'propertyIds'>,
  { id, whenAsked }: Pick<Property, 'id' | 'whenAsked'>,
): boolean {
  return propertyIds === null ? whenAsked === undefined : propertyIds.includes(id);
}

/** Whether no further case is to be begun. */
export function isEnding({ signal, isOver }: Pick<CampaignPlan, 'signal' | 'isOver'>): boolean {
  return signal.aborted || (isOver?.() ?? false);
}
