/**
 * The port of the generators: what a campaign asks for, and gets.
 */
import type { Cell, Dataset } from './dataset.ts';
import type { GeneratedInterleaving, InterleavingRequest } from './interleaving.ts';
import type { LaterWrite } from './later-write.ts';
import type { SchemaModel } from './schema.ts';

/**
 * Kinds of data that a round of a campaign takes to the extreme, so that what their opposite would hide shows (swarm testing). Keys, checks and
 * the user's own generators come first: a trait is a wish.
 */
export const SWARM_TRAITS = [
  'no-nulls',
  'all-nulls',
  'only-ties',
  'no-ties',
  'one-parent',
  'huge-texts',
  'only-edges',
  'only-plain',
  'small-numbers',
  'many-rows',
  'one-row',
  'defaults-left',
] as const;
export type SwarmTrait = (typeof SWARM_TRAITS)[number];

/** What a case should concentrate on. */
export interface CaseRequest {
  readonly model: SchemaModel;
  /** A case with the same model, seed, index and options is the same dataset, on every machine. */
  readonly seed: number;
  /** Number of the case in its campaign, from 0: early ones are small. */
  readonly index: number;
  /** Tables (`Table.key`) that must get rows; their required parents follow. Null: all tables. */
  readonly focus: readonly string[] | null;
  /** Text and numbers that the migration's scripts compare with or write, without quotes: some cells take them. */
  readonly literals: readonly string[];
  /** Absent or empty: each case has a mood by its index. */
  readonly swarm?: readonly SwarmTrait[];
}

/** Makes datasets that are legal in a schema. */
export interface DatasetSource {
  generate(request: CaseRequest): Dataset;
  /**
   * Writes to the rows that are there, legal in a schema; `model` lists the rows that are there as existing. Values that the schema
   * `earlier` did not admit are among them.
   */
  laterWrites(request: CaseRequest, earlier: SchemaModel): readonly LaterWrite[];
  /** What several clients do to a table while others turn pages through it, with the rows to begin with. */
  interleaving(request: InterleavingRequest): GeneratedInterleaving;
  /** Values of a column that may break a condition over it: those around the condition's own constants first, then the edges of the type. */
  breakingCells(model: SchemaModel, table: string, column: string, condition: string): readonly Cell[];
  /** What follows from other rows (sums, states) worked out again in a dataset that was reduced; the same dataset where nothing follows. */
  settle(model: SchemaModel, dataset: Dataset): Dataset;
  /** Tables and columns that the user's datasets named and that no schema of the cases generated so far had. */
  unknownNames(): readonly string[];
  /** Legal values for a column from simplest to less simple, for reducing a counterexample; at most eight. */
  simplerCells(model: SchemaModel, table: string, column: string, current: Cell): readonly Cell[];
  /** What it cannot satisfy, known before any row is proposed: `table: reason`. */
  limits(model: SchemaModel): readonly { readonly table: string; readonly reason: string }[];
}
