/**
 * Scenarios of their own: disturbances that the standard trajectory does not have. One is a file in this folder, listed in `registry.ts`;
 * a property names it in `scenario`. The campaign gives it cases, confirms, reduces, stores and replays what fails.
 *
 * A case is rows plus parameters: whatever else decides what happens (where to kill, what to write later), as JSON. A scenario must
 * do the same again for the same rows and parameters, for they are all that a counterexample keeps.
 */
import type { DatasetSource } from '../core/case.ts';
import type { Dataset } from '../core/dataset.ts';
import type { Database, Dialect, EngineInfo, ExecutionLimits, Refusal, ReproInput } from '../core/dialect.ts';
import type { Parameters } from '../core/evidence.ts';
import type { Migration } from '../core/migration.ts';
import type { Pager } from '../core/pager.ts';
import type { ScenarioId } from '../core/property.ts';
import type { SchemaModel } from '../core/schema.ts';
import type { ToolModel } from '../core/tool.ts';
import type { Trace } from '../core/trace.ts';
import type { Observer } from './observe.ts';

/** A declared query, as asked of a state. */
export interface AskedQuery {
  readonly id: string;
  readonly sql: string;
  readonly params: readonly string[];
  readonly indexes: readonly string[];
  readonly maxCostRatio: number | null;
}

/** One migration, as a scenario meets it. */
export interface ScenarioSetting {
  readonly dialect: Dialect;
  readonly engine: EngineInfo;
  readonly migration: Migration;
  /** The schema before the migration. */
  readonly model: SchemaModel;
  /** Tables of `model` that either script mentions, by `Table.key`. */
  readonly mentioned: ReadonlySet<string>;
  readonly source: DatasetSource;
  readonly limits: ExecutionLimits;
  /** The tool that runs the scripts. */
  readonly tool: ToolModel;
  /** Why the server cannot be crashed, a sentence; null: it can. */
  readonly whyNoCrash: string | null;
  /** The declared queries of the states before and after the migration. */
  readonly queriesBefore: readonly AskedQuery[];
  readonly queriesAfter: readonly AskedQuery[];
  /** The pagers that the migration can concern, in the state after it. The table of one that names no migration may not be there. */
  readonly pagersAfter: readonly Pager[];
  /** Those of them that are asked before it as well. */
  readonly pagersBefore: readonly Pager[];
  /** A database in the state before the migration, in no other use. The campaign owns it; opening the next one takes it away. */
  open(): Promise<Database>;
  /** The database that was opened last, as it was left, where nobody dropped it since; null: there is none. */
  current(): Database | null;
  /** Loads rows legal before the migration and makes them legal by `prepare`. */
  load(database: Database, dataset: Dataset): Promise<Loaded>;
  /** The same for rows legal after it; `model` is the schema then. */
  loadAfter(database: Database, dataset: Dataset, model: SchemaModel): Promise<Loaded>;
  observe(database: Database): Observer;
}

/** What became of rows. */
export interface Loaded {
  readonly loaded: Dataset;
  readonly refused: readonly Refusal[];
}

export interface ScenarioCase {
  readonly dataset: Dataset;
  readonly parameters: Parameters;
}

/** What a case left behind. */
export interface ScenarioRun extends Loaded {
  /** What decided the run beside the rows, complete: given back, it does the same again. */
  readonly parameters: Parameters;
  readonly traces: readonly Trace[];
  /** Why the rows say nothing (they broke an invariant before the migration); null: they do. */
  readonly unusable: string | null;
}

/** What a script for the database's own shell shows of a case, after the rows are loaded. */
interface ScenarioRepro {
  /** Whether the steps put the rows in themselves: they belong to the schema after the up. Absent: rows come before the steps. */
  readonly hasOwnRows?: boolean;
  readonly steps: ReproInput['steps'];
  /** Null: what the finding tells to look at. */
  readonly checks: ReproInput['checks'] | null;
}

/** What a scenario visits one after the other, where it leaves nothing to chance. */
export interface Visits {
  readonly parameters: readonly Parameters[];
  /** One for each of `parameters`: completes "no case had …". */
  readonly labels: readonly string[];
  /** What was planned, for people. */
  readonly notes: readonly string[];
  /** Visits of one number have the same rows, as one object. Absent: each has rows of its own. */
  readonly rows?: readonly number[];
  /** Whether nothing else may run on the server meanwhile. Absent: none needs that. */
  readonly alone?: readonly boolean[];
}

export interface Scenario {
  readonly id: ScenarioId;
  /** Whether cases may run side by side, each in a database of its own. */
  readonly runsBeside: boolean;
  /** Cases for one migration, of the number that was asked for: where one costs much more than a walk, fewer; where several things share them, more. */
  cases(asked: number, setting: ScenarioSetting): number;
  /**
   * What a database in which it ran can be brought back from: the state of its last moment, or one that has other rows and statistics since.
   * Absent: anything may have become of it, or of other sessions, and the next case gets a new clone.
   */
  readonly leaves?: 'last-moment' | 'other-rows';
  /** Runs that reducing one failure may cost. */
  readonly maxAttempts: number;
  /** All that there is to visit: every one of it is a case, at least once, and `held` needs them all. Absent: parameters are drawn. */
  plan?(setting: ScenarioSetting, seed: number): Promise<Visits>;
  /** Parameters of case `index`: a function of `seed`, `index` and the setting. */
  draw(setting: ScenarioSetting, seed: number, index: number): Parameters;
  /** Rows and parameters may hold each other up when a case is reduced; absent: they are reduced one after the other. */
  readonly reducesTogether?: true;
  /** Simpler parameters to try instead, simplest first; none: there are no simpler ones. */
  simpler(parameters: Parameters): readonly Parameters[];
  run(setting: ScenarioSetting, given: ScenarioCase): Promise<ScenarioRun>;
  repro(migration: Migration, traces: readonly Trace[]): ScenarioRepro;
}
